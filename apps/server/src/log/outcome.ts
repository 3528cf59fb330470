import { Refusal } from '../problem.ts'
import type { AppendOutcome } from '../store/appending.ts'

type Written = Exclude<AppendOutcome, { outcome: 'refused' }>

/** The written outcome, whether now or at an earlier attempt with the same key (L3); a refusal is thrown. */
export function requireWritten(outcome: AppendOutcome): Written {
  if (outcome.outcome === 'refused') throw new Refusal(outcome.code)
  return outcome
}
