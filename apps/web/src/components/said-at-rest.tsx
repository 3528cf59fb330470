import { useEffect, useState } from 'react'

const restMs = 600

/** Says what changes with every key, but only once typing rests: to screen readers, politely. */
export function SaidAtRest({ words }: { readonly words: string }) {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (words === '') return setSaid('')
    const timer = setTimeout(() => setSaid(words), restMs)
    return () => clearTimeout(timer)
  }, [words])
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  )
}
