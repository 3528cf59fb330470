/** The thread in which formatted bodies are read: a hostile one takes its time and memory and nobody else's. */
import { parentPort } from 'node:worker_threads'
import { sanitise } from './sanitise.ts'

parentPort?.on('message', (html: string) => parentPort?.postMessage(sanitise(html)))
