import { useEffect, useState } from 'react'

/** Whether every browser shows it by itself. */
export function isPicture({ type }: Pick<Blob, 'type'>): boolean {
  return /^image\/(jpeg|png|webp|gif|avif)$/.test(type)
}

/** A picture that is still on this device. */
export function Thumbnail({ blob }: { readonly blob: Blob }) {
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return address === null ? null : <img src={address} alt="" className="size-full object-cover" />
}
