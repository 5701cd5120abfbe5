/** The calls of the golden conversations, each with the result that its caller must get. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { PluginClient } from "../../src/agent/launch/PluginClient.ts"
import {
  Cookie,
  Generation,
  NativeId,
  NodeName,
  OperationId,
  RequestId,
  ResourceType,
} from "../../src/protocol/Identity.ts"
import type { OperatorSettings } from "../../src/protocol/Settings.ts"

export const settings: OperatorSettings = {
  retry: { maxRetries: 2, baseMillis: 1, capMillis: 1 },
  poll: { baseMillis: 1, factor: 1, capMillis: 1 },
  callTimeoutMillis: 60_000,
  logLevel: "Info",
}

export const greeting = {
  protocol: { min: 1, max: 1 },
  agentVersion: "0.1.0",
  agentNode: NodeName.make("agent@localhost"),
  generation: Generation.make(1),
  cookie: Cookie.make("cookie"),
  settings,
}

export const onType = (operationId: string) => ({
  operationId: OperationId.make(operationId),
  resourceType: ResourceType.make("Golden::Of::Thing"),
  targetConfig: { region: "eu-west-1" },
})
export const on = (operationId: string) => ({ ...onType(operationId), label: "it" })
export const the = (operationId: string, nativeId: string) => ({
  ...on(operationId),
  nativeId: NativeId.make(nativeId),
})

/** A call, and the result that its caller must get. `sent` completes when the request has arrived. */
export interface Exchange {
  readonly call: (
    client: PluginClient,
    sent: Effect.Effect<void>,
  ) => Effect.Effect<unknown, { readonly _tag: string; readonly message: string }>
  readonly expected: unknown
}

export const refused = (message: string) => ({ _tag: "HandshakeRefused", message })
export const succeeded = (nativeId: string, properties: object, attempts = 1) => ({
  status: "Succeeded",
  attempts,
  nativeId,
  properties,
})
export const failed = (code: string, message: string) => ({ status: "Failed", attempts: 1, failure: { code, message } })

export const greets: Exchange = {
  call: (client) =>
    Effect.map(client.Handshake(greeting), ({ name, namespace, node, pid, protocol, types, version }) => ({
      identity: [protocol, name, namespace, version, node, pid],
      types: types.map(({ idempotency, listable, properties, recoverable, targetIdentity, type }) => ({
        type,
        idempotency,
        listable,
        recoverable,
        targetIdentity,
        output: Object.keys(properties).filter((name) => properties[name]?.output),
      })),
    })),
  expected: {
    identity: [1, "golden", "Golden", "1.0.0", "golden-plugin@localhost", 4242],
    types: [
      {
        type: "Golden::Of::Thing",
        idempotency: "name",
        listable: true,
        recoverable: true,
        targetIdentity: ["region"],
        output: ["ThingId"],
      },
    ],
  },
}

export const watches = (operationId: string, ...expected: ReadonlyArray<unknown>): Exchange => ({
  call: (client) => Stream.runCollect(client.Watch({ operationId: OperationId.make(operationId) })),
  expected,
})
export const creates = (
  operationId: string,
  properties: { readonly [name: string]: string | number },
  expected: unknown,
): Exchange => ({
  call: (client) => client.Create({ ...on(operationId), properties }),
  expected,
})
/** Progress of work with the id that the golden plugin gives it. */
export const accepted = (nativeId: string, attempts = 1) => ({
  status: "InProgress",
  attempts,
  requestId: `work on ${nativeId}`,
  nativeId,
})
export const gone = { code: "NotFound", message: "gone does not exist" }
export const asks = (
  operationId: string,
  requestId: string,
  nativeId: NativeId | undefined,
  expected: unknown,
): Exchange => ({
  call: (client) =>
    client.Status({
      ...on(operationId),
      requestId: RequestId.make(requestId),
      ...(nativeId === undefined ? {} : { nativeId }),
    }),
  expected,
})
/** The call ended with a defect. */
export const died = (message: string) => ({ _tag: "Die", message })
/** What the target says by itself. */
export const place = `[["region","eu-west-1"]]`

export const recovers = (Name: string, expected: unknown): Exchange => ({
  call: (client) => client.Recover({ ...on("op-12"), properties: { Name } }),
  expected,
})

export const leases = (term: number, remainingMillis: number): Exchange => ({
  call: (client) => client.Lease({ term, remainingMillis }),
  expected: undefined,
})
export const leaseEnded = (what: string) => ({
  _tag: "LeaseEnded",
  message: `The time for which the agent may act ${what}`,
})
