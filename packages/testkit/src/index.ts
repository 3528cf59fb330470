export { collectGarbage } from './collect-garbage.ts'
export { createTestDatabase } from './database.ts'
export { createUpload, requestMedia, sendPart, uploadFile, uploadReady } from './files.ts'
export { hostileBodies } from './hostile-bodies.ts'
export { type Answer, bearer, type HttpTestServer, readAnswer, signUp, startHttpServer } from './http-server.ts'
export { bodyOf, type History, writeHistory } from './long-history.ts'
export { pastTheServer } from './past-the-server.ts'
export {
  createGroup,
  createPeople,
  createPerson,
  type HttpAnswer,
  newKey,
  openDirect,
  Person,
  postOperation,
} from './people.ts'
export { type Asked, searchRequest } from './search-request.ts'
export { startCluster, startServer, type TestNodes, type TestServer, type TestServerOptions } from './server.ts'
export { Refused, type Resumed, SocketClient } from './socket-client.ts'
export {
  cloneTemplate,
  silentLogger,
  startTestCluster,
  type TestCluster,
  type TestDatabase,
} from './test-cluster.ts'
