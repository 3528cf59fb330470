/** Every operation by its name on the wire. */
import type { OperationName } from '@recado/protocol'
import { accountCreate } from './account.create.ts'
import { accountGet } from './account.get.ts'
import type { OperationHandler } from './handler.ts'
import { peopleGet } from './people.get.ts'
import { peopleSearch } from './people.search.ts'
import { sessionCreate } from './session.create.ts'
import { sessionEnd } from './session.end.ts'
import { sessionEndOthers } from './session.endOthers.ts'
import { sessionList } from './session.list.ts'
import { sessionRefresh } from './session.refresh.ts'

export type Handlers = { readonly [Name in OperationName]?: OperationHandler<Name> }

export const handlers = {
  'account.create': accountCreate,
  'account.get': accountGet,
  'people.get': peopleGet,
  'people.search': peopleSearch,
  'session.create': sessionCreate,
  'session.end': sessionEnd,
  'session.endOthers': sessionEndOthers,
  'session.list': sessionList,
  'session.refresh': sessionRefresh,
} satisfies Handlers
