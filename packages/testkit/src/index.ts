export { createTestDatabase } from './database.ts'
export { silentLogger, startTestCluster, type TestCluster, type TestDatabase } from './test-cluster.ts'
