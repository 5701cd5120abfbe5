/** Checks that the process that answered the handshake is the plugin that was started. */
import { formatProtocol, type HandshakeResponse, supportedProtocol } from "../../protocol/Handshake.ts"
import { type Cookie, namespaceKey } from "../../protocol/Identity.ts"
import type { Manifest } from "../catalog/Manifest.ts"

/** What is wrong with an answer, in words; undefined if nothing is. */
export const checkHandshake = (
  answer: HandshakeResponse,
  expected: { readonly manifest: Manifest; readonly cookie: Cookie },
): string | undefined => {
  const { manifest } = expected
  if (answer.cookie !== expected.cookie) {
    return "its handshake carries the cookie of another launch: it must return FORMAE_NETWORK_COOKIE"
  }
  if (namespaceKey(answer.namespace) !== namespaceKey(manifest.namespace)) {
    return `it says that it serves the namespace ${answer.namespace}, but its manifest says ${manifest.namespace}`
  }
  if (answer.protocol < supportedProtocol.min || answer.protocol > supportedProtocol.max) {
    return `it chose protocol ${answer.protocol}, but this agent speaks ${formatProtocol(supportedProtocol)}`
  }
  return undefined
}
