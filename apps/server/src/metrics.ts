/** What Prometheus reads at `/metrics`. A registry belongs to one server, so that several can live in one process. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** One run of an operation: how long it took and how it ended (`ok`, or the problem's code). */
  operationEnded(operation: string, outcome: string, seconds: number): void
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  const durations = new Histogram({
    name: 'recado_operation_duration_seconds',
    help: 'How long operations took, over HTTP and the socket alike.',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const outcomes = new Counter({
    name: 'recado_operations_total',
    help: 'How operations ended: ok, or the code of the problem.',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  })
  return {
    registry,
    operationEnded(operation, outcome, seconds) {
      durations.observe({ operation }, seconds)
      outcomes.inc({ operation, outcome })
    },
  }
}
