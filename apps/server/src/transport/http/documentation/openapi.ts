/** The HTTP side as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), derived from the contract. */
import {
  createProblem,
  type OperationDefinition,
  type OperationName,
  operationNames,
  operations,
  type ProblemCode,
  problems,
} from '@recado/protocol'
import { examples } from './examples.ts'
import { type JsonSchema, namedSchemas, nameOf, toJsonSchema } from './notation.ts'
import { allProblems } from './reference.ts'
import { restPaths } from './rest-paths.ts'

type Json = Readonly<Record<string, unknown>>

/** What the transport refuses whatever the operation. */
const transportProblems: readonly ProblemCode[] = ['foreign-origin', 'unsupported-type']

export function createOpenApi(version: string): Json {
  const callable = operationNames.filter(name => operations[name].transport !== 'socket')
  return {
    openapi: '3.1.1',
    info: {
      title: 'Recado',
      version,
      description: 'Chat and mail on one log. The socket’s protocol and the problems are at /docs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(callable.map(tagOf)), 'REST mail API'].map(name => ({ name })),
    security: [{ session: [] }],
    paths: {
      ...Object.fromEntries(callable.map(name => [`/v1/${name}`, { post: describeOperation(name) }])),
      ...restPaths,
      ...otherPaths,
    },
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `accessToken` of a grant.' },
        refreshCookie: { type: 'apiKey', in: 'cookie', name: '__Host-recado' },
      },
      schemas: {
        ...Object.fromEntries([...namedSchemas].map(([name, schema]) => [name, refer(toJsonSchema(schema), 'inside')])),
        Problem: problemSchema,
      },
    },
  }
}

function describeOperation(name: OperationName): Json {
  const { summary, access, input, output }: OperationDefinition = operations[name]
  const { input: example, output: answer } = examples[name]
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary,
    ...(access === 'public' ? { security: name === 'session.refresh' ? [{}, { refreshCookie: [] }] : [] } : {}),
    requestBody: {
      required: (toJsonSchema(input).required ?? []).length > 0,
      content: { 'application/json': { schema: refer(toJsonSchema(input)), example } },
    },
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: refer(toJsonSchema(output)), example: answer } },
      },
      ...describeProblems([...allProblems(name), ...transportProblems]),
    },
  }
}

/** Problems share statuses: each status lists its problems as examples. */
function describeProblems(codes: readonly ProblemCode[]): Json {
  const byStatus = Object.groupBy(new Set(codes), code => problems[code].status)
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, same = []]) => [
      status,
      {
        description: same.map(code => problems[code].title).join(' '),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(same.map(code => [code, { value: createProblem(code) }])),
          },
        },
      },
    ]),
  )
}

/** Replaces every shape that has a name by a reference to it; `inside` spells the outermost one out. */
function refer(schema: JsonSchema, outermost: 'inside' | 'reference' = 'reference'): Json {
  const name = outermost === 'reference' ? nameOf(schema) : undefined
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
  const { anyOf, items, properties, ...rest } = schema
  return {
    ...rest,
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(option => refer(option)) }),
    ...(items === undefined ? {} : { items: refer(items) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([key, field]) => [key, refer(field)])) }),
  }
}

function tagOf(name: OperationName): string {
  return name.split('.', 1)[0] ?? name
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457. `retry` tells a program what to do.',
  required: ['type', 'title', 'status', 'code', 'retry'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problems) },
    retry: { type: 'string', enum: ['never', 'same', 'after'] },
    retryAfterMs: { type: 'integer' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string', description: 'JSON Pointer (RFC 6901)' }, message: { type: 'string' } },
      },
    },
  },
}

const plain = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: { type: type === 'application/json' ? 'object' : 'string' } } },
})

const otherPaths = {
  '/v1/events': {
    get: {
      operationId: 'events',
      summary:
        'The pushed frames of the socket as Server-Sent Events; the id of an event is the mark to come back with.',
      parameters: [
        {
          name: 'Last-Event-ID',
          in: 'header',
          description:
            'The mark up to which everything is stored. What was missed since comes first, without ids: events in ' +
            'sequence, then positions and bell as they are now; or one `behind` frame when that is too much.',
          schema: { type: 'string' },
        },
      ],
      responses: {
        200: plain('A stream of events.', 'text/event-stream'),
        ...describeProblems(['unauthenticated', 'token-expired', 'session-ended', 'foreign-origin', 'unavailable']),
      },
    },
  },
  '/healthz': {
    get: {
      operationId: 'healthz',
      summary: 'Whether the process lives.',
      security: [],
      responses: { 200: plain('It lives.', 'application/json') },
    },
  },
  '/readyz': {
    get: {
      operationId: 'readyz',
      summary: 'Whether it can serve.',
      security: [],
      responses: {
        200: plain('It can.', 'application/json'),
        503: plain('It cannot; `failing` says what is missing.', 'application/json'),
      },
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      summary: 'Metrics for Prometheus.',
      security: [],
      responses: { 200: plain('The text format of Prometheus.', 'text/plain') },
    },
  },
}
