/** The AWS plugin with fake clients, whose answers the test supplies. */
import { NativeId, OperationId, type PatchOperation, type Properties, RequestId, ResourceType } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AwsClients, type Service } from "../../../plugins/aws/src/AwsClients.ts"
import { toProviderError } from "../../../plugins/aws/src/ErrorCodes.ts"
import { plugin } from "../../../plugins/aws/src/plugin.ts"

type Answers = Readonly<Record<string, (input: never) => unknown>>

/** A service whose requests are answered by the functions in `answers`. What they throw is an error of the service. */
const fakeService =
  <Client>(answers: Answers | undefined): Service<Client> =>
  (request) =>
    Effect.tryPromise({
      try: async (abortSignal) =>
        request(
          new Proxy({} as never, {
            get: (_, name: string) => async (input: never) => {
              const answer = answers?.[name]
              if (answer === undefined) throw new TypeError(`${name} was not expected`)
              return answer(input)
            },
          }),
          { abortSignal },
        ),
      catch: (error) => toProviderError("Fake", error),
    })

export const layerFake = (answers: { readonly [Name in keyof AwsClients["Service"]]?: Answers }) =>
  Layer.succeed(AwsClients, {
    s3: () => fakeService(answers.s3),
    dynamodb: () => fakeService(answers.dynamodb),
    sqs: () => fakeService(answers.sqs),
    sns: () => fakeService(answers.sns),
    ssm: () => fakeService(answers.ssm),
    secretsManager: () => fakeService(answers.secretsManager),
    logs: () => fakeService(answers.logs),
    iam: () => fakeService(answers.iam),
    ec2: () => fakeService(answers.ec2),
    lambda: () => fakeService(answers.lambda),
    account: () => Effect.succeed("123456789012"),
    dsql: () => fakeService(answers.dsql),
  })

export const serviceError = (name: string) => Object.assign(new Error(`this is ${name}`), { name })

export const operationsOf = (typeName: string) => {
  const resourceType = ResourceType.make(typeName)
  const definition = plugin.types.get(resourceType)
  if (definition?.status === undefined || definition.list === undefined) throw new TypeError(`Not served: ${typeName}`)
  const { create, delete: remove, list, read, recover, status, update } = definition
  const subject = {
    operationId: OperationId.make("op-a"),
    resourceType,
    targetConfig: { region: "eu-central-1" },
    label: "it",
  }
  return {
    create: (properties: Parameters<typeof create>[0]["properties"]) => create({ ...subject, properties }),
    update: (
      nativeId: string,
      desired: Properties,
      patch: ReadonlyArray<PatchOperation> = replacing(desired),
      lastRead?: Properties,
    ) =>
      update?.({
        ...subject,
        nativeId: NativeId.make(nativeId),
        prior: {},
        desired,
        patch,
        ...(lastRead && { lastRead }),
      }) ?? Effect.die(`${typeName} has no update`),
    recover: (properties: Properties) =>
      recover?.({ ...subject, properties }) ?? Effect.die(`${typeName} has no recover`),
    read: (nativeId: string) => read({ ...subject, nativeId: NativeId.make(nativeId) }),
    remove: (nativeId: string) => remove({ ...subject, nativeId: NativeId.make(nativeId) }),
    list: (pageToken?: string) => list({ ...subject, ...(pageToken === undefined ? {} : { pageToken }) }),
    status: (requestId: string) => status({ ...subject, requestId: RequestId.make(requestId) }),
  }
}

/** The page token that wraps a service's own token. */
export const tokenOf = (next: string): string => JSON.stringify({ next })

/** A patch that changes everything that is wanted. */
const replacing = (desired: Properties) =>
  Object.entries(desired).map(([name, value]) => ({ op: "replace" as const, path: `/${name}`, value }))
