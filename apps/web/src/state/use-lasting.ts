import { useEffect, useState } from 'react'

/**
 * Whether `holds` has held for so long without a break: what passes by itself is nobody's business. `since` tells when that
 * began, for what comes on screen later.
 */
export function useLasting(holds: boolean, forMs: number, since = Number.POSITIVE_INFINITY): boolean {
  const [lasted, setLasted] = useState(() => Date.now() - since >= forMs)
  useEffect(() => {
    if (!holds) return setLasted(false)
    const timer = setTimeout(() => setLasted(true), forMs)
    return () => clearTimeout(timer)
  }, [holds, forMs])
  return holds && lasted
}
