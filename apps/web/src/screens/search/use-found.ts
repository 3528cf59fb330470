import { type Client, ProblemError } from '@recado/client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from '../../state/app-context.ts'
import { type Found, findOnDevice, findOnServer } from './find.ts'

const restMs = 200

export interface Finding {
  /** What is shown; of an earlier query while a new one is looked for, and null before there was any. */
  readonly found: Found | null
  readonly where: 'everywhere' | 'device'
  readonly state: 'idle' | 'searching' | 'failed'
  readonly more: () => void
  readonly again: () => void
}

type Outcome = Pick<Finding, 'found' | 'where' | 'state'>

const nothing: Outcome = { found: null, where: 'everywhere', state: 'idle' }

/** Looks once typing rests: on the server, and without it on this device. */
export function useFound(query: string, online: boolean): Finding {
  const client = useClient()
  const [outcome, setOutcome] = useState<Outcome>(nothing)
  const [attempt, setAttempt] = useState(0)
  const asked = useRef(0)
  const wanted = query.trim()

  // biome-ignore lint/correctness/useExhaustiveDependencies: a further attempt asks the same again.
  useEffect(() => {
    const turn = ++asked.current
    if (wanted === '') return setOutcome(nothing)
    setOutcome(before => ({ ...before, state: 'searching' }))
    const show = (next: Outcome) => {
      if (turn === asked.current) setOutcome(next)
    }
    const timer = setTimeout(async () => {
      try {
        show({ ...(await find(wanted, online, client)), state: 'idle' })
      } catch {
        show({ ...nothing, state: 'failed' })
      }
    }, restMs)
    return () => clearTimeout(timer)
  }, [client, wanted, online, attempt])

  const { found, where, state } = outcome
  const more = useCallback(() => {
    const turn = asked.current
    if (!found || found.next === null || where === 'device' || state === 'searching') return
    setOutcome(before => ({ ...before, state: 'searching' }))
    findOnServer(client, wanted, found.next).then(
      page => {
        if (turn === asked.current) setOutcome({ found: together(found, page), where, state: 'idle' })
      },
      () => {
        if (turn === asked.current) setOutcome({ found, where, state: 'failed' })
      },
    )
  }, [client, wanted, found, where, state])

  return { found, where, state, more, again: () => setAttempt(attempt + 1) }
}

async function find(query: string, online: boolean, client: Client): Promise<Pick<Finding, 'found' | 'where'>> {
  if (online) {
    try {
      return { found: await findOnServer(client, query, null), where: 'everywhere' }
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'unavailable')) throw error
    }
  }
  return { found: await findOnDevice(client, query), where: 'device' }
}

/** A later page may have a place again: its lines come behind those that stand there. */
function together(first: Found, page: Found): Found {
  const added = new Map(page.places.map(place => [place.key, place]))
  const places = first.places.map(place => {
    const again = added.get(place.key)
    added.delete(place.key)
    return again ? { ...place, lines: [...place.lines, ...again.lines] } : place
  })
  return { ...page, places: [...places, ...added.values()] }
}
