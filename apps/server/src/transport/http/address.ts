/** Where a request came from: the socket's peer, or what trusted proxies say of it and nobody else. */
import type { IncomingMessage } from 'node:http'
import proxyAddress from '@fastify/proxy-addr'

/** Whether the peer `hop` steps away may be believed. */
export type ProxyTrust = (address: string, hop: number) => boolean

export function createProxyTrust(trustedProxies: readonly string[]): ProxyTrust {
  return trustedProxies.length === 0 ? () => false : proxyAddress.compile([...trustedProxies])
}

/** For what never passes through Fastify: the socket's handshake. */
export function readAddress(request: IncomingMessage, trust: ProxyTrust): string {
  return proxyAddress(request, trust)
}
