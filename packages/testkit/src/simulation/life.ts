/** Whether a process of the simulation still runs. Everything it can reach the world by asks this first. */
export interface Life {
  alive: boolean
}

/** What a dead process waits for. */
export function never<Result>(): Promise<Result> {
  return new Promise(() => undefined)
}
