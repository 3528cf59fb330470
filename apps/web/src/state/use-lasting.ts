import { useEffect, useState } from 'react'

/** Whether `holds` has held for so long without a break: what passes by itself is nobody's business. */
export function useLasting(holds: boolean, forMs: number): boolean {
  const [lasted, setLasted] = useState(false)
  useEffect(() => {
    if (!holds) return setLasted(false)
    const timer = setTimeout(() => setLasted(true), forMs)
    return () => clearTimeout(timer)
  }, [holds, forMs])
  return holds && lasted
}
