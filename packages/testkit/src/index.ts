export { createTestDatabase } from './database.ts'
export { type Answer, bearer, type HttpTestServer, readAnswer, signUp, startHttpServer } from './http-server.ts'
export { silentLogger, startTestCluster, type TestCluster, type TestDatabase } from './test-cluster.ts'
export { startServer, type TestServer, type TestServerOptions } from './server.ts'
