/** Counts the requests that the clients of the AWS SDK send: each is one HTTP request, because the SDK's own retries are off. */
import { S3 } from "@aws-sdk/client-s3"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

/** One call of a service, such as `EC2 DescribeVpcs`. */
export type SdkCall = string

interface Sender {
  readonly config: { readonly serviceId: string }
}
type Send = (this: Sender, command: object, ...rest: ReadonlyArray<unknown>) => unknown

/** The class that all clients of the SDK inherit `send` from. */
const baseOfClients = (): { send: Send } => {
  let prototype: object = S3.prototype
  while (!Object.hasOwn(prototype, "send")) prototype = Object.getPrototypeOf(prototype)
  if (!isSender(prototype)) throw new TypeError("The SDK's clients have no `send`")
  return prototype
}

const isSender = (value: object): value is { send: Send } => Predicate.hasProperty(value, "send")

/** The calls since the last one of `taken`, until the scope closes. */
export const sdkCalls = Effect.acquireRelease(
  Effect.sync(() => {
    const base = baseOfClients()
    const { send } = base
    let calls: Array<SdkCall> = []
    base.send = function (command, ...rest) {
      calls.push(`${this.config.serviceId} ${command.constructor.name.replace(/Command$/, "")}`)
      return Reflect.apply(send, this, [command, ...rest])
    }
    const taken = Effect.sync((): ReadonlyArray<SdkCall> => {
      const before = calls
      calls = []
      return before
    })
    return { restore: () => void (base.send = send), taken }
  }),
  ({ restore }) => Effect.sync(restore),
).pipe(Effect.map(({ taken }) => ({ taken })))
