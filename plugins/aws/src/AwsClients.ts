/** The SDK's clients: one for each service and target, loaded when first used. */
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs"
import type { DSQL } from "@aws-sdk/client-dsql"
import type { DynamoDB } from "@aws-sdk/client-dynamodb"
import type { EC2 } from "@aws-sdk/client-ec2"
import type { IAM } from "@aws-sdk/client-iam"
import type { Lambda } from "@aws-sdk/client-lambda"
import type { S3 } from "@aws-sdk/client-s3"
import type { SecretsManager } from "@aws-sdk/client-secrets-manager"
import type { SNS } from "@aws-sdk/client-sns"
import type { SQS } from "@aws-sdk/client-sqs"
import type { SSM } from "@aws-sdk/client-ssm"
import type { STS } from "@aws-sdk/client-sts"
import { type ProviderError, Requests } from "formae/plugin"
import type { ErrorCode } from "formae/protocol"
import * as Cache from "effect/Cache"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as RcMap from "effect/RcMap"
import type * as Scope from "effect/Scope"
import { toProviderError } from "./ErrorCodes.ts"
import type { Target } from "./Target.ts"

/** Sends one request to a service when the rate limit lets it, so `request` makes one. Interrupting it aborts the HTTP request. */
export interface Service<Client> {
  <A>(
    request: (client: Client, options: { readonly abortSignal: AbortSignal }) => Promise<A>,
  ): Effect.Effect<A, ProviderError>
}

export class AwsClients extends Context.Service<
  AwsClients,
  {
    readonly s3: (target: Target) => Service<S3>
    readonly dynamodb: (target: Target) => Service<DynamoDB>
    readonly sqs: (target: Target) => Service<SQS>
    readonly sns: (target: Target) => Service<SNS>
    readonly ssm: (target: Target) => Service<SSM>
    readonly secretsManager: (target: Target) => Service<SecretsManager>
    readonly logs: (target: Target) => Service<CloudWatchLogs>
    readonly iam: (target: Target) => Service<IAM>
    readonly ec2: (target: Target) => Service<EC2>
    readonly lambda: (target: Target) => Service<Lambda>
    readonly dsql: (target: Target) => Service<DSQL>
    /**
     * The number of the account that a target's credentials belong to, asked once
     * for each target. Undefined at an endpoint that cannot say, as some emulators.
     */
    readonly account: (target: Target) => Effect.Effect<string | undefined, ProviderError>
  }
>()("@formae/plugin-aws/AwsClients") {
  // Client packages are imported when first used, so that a handshake does not wait for them.
  static readonly layer = Layer.effect(
    AwsClients,
    Effect.gen(function* () {
      const shared = yield* configuredEndpoint("STS")
      const sts = yield* service<STS>("STS", (config) =>
        import("@aws-sdk/client-sts").then(({ STS }) => new STS(config)),
      )
      const accounts = yield* Cache.makeWith(
        (target: Target) =>
          sts(target)((client, options) => client.getCallerIdentity({}, options)).pipe(
            Effect.map(({ Account }) => Account),
            Effect.catchIf(
              // Whatever it answers, an endpoint of one's own that is no STS will not say later either.
              ({ code }) => ({ ...shared, ...target }).endpoint !== undefined && !isTransient(code),
              () => Effect.undefined,
            ),
          ),
        { capacity: 100, timeToLive: (exit) => (Exit.isSuccess(exit) ? "15 minutes" : 0) },
      )
      return AwsClients.of({
        // One asks for all who need it.
        account: (target) => Requests.uncounted(Cache.get(accounts, target)),
        // Otherwise bucket names become part of the host name, which few custom endpoints support.
        s3: yield* service("S3", (config) =>
          import("@aws-sdk/client-s3").then(
            ({ S3 }) => new S3({ ...config, forcePathStyle: Object.hasOwn(config, "endpoint") }),
          ),
        ),
        dynamodb: yield* service("DynamoDB", (config) =>
          import("@aws-sdk/client-dynamodb").then(({ DynamoDB }) => new DynamoDB(config)),
        ),
        // The host in a queue's URL is part of its name, and cannot always be reached from here.
        sqs: yield* service("SQS", (config) =>
          import("@aws-sdk/client-sqs").then(({ SQS }) => new SQS({ ...config, useQueueUrlAsEndpoint: false })),
        ),
        sns: yield* service("SNS", (config) => import("@aws-sdk/client-sns").then(({ SNS }) => new SNS(config))),
        ssm: yield* service("SSM", (config) => import("@aws-sdk/client-ssm").then(({ SSM }) => new SSM(config))),
        secretsManager: yield* service("Secrets Manager", (config) =>
          import("@aws-sdk/client-secrets-manager").then(({ SecretsManager }) => new SecretsManager(config)),
        ),
        logs: yield* service("CloudWatch Logs", (config) =>
          import("@aws-sdk/client-cloudwatch-logs").then(({ CloudWatchLogs }) => new CloudWatchLogs(config)),
        ),
        iam: yield* service("IAM", (config) => import("@aws-sdk/client-iam").then(({ IAM }) => new IAM(config))),
        ec2: yield* service("EC2", (config) => import("@aws-sdk/client-ec2").then(({ EC2 }) => new EC2(config))),
        lambda: yield* service("Lambda", (config) =>
          import("@aws-sdk/client-lambda").then(({ Lambda }) => new Lambda(config)),
        ),
        dsql: yield* service("DSQL", (config) => import("@aws-sdk/client-dsql").then(({ DSQL }) => new DSQL(config))),
      })
    }),
  ).pipe(Layer.orDie)
}

const isTransient = (code: ErrorCode): boolean =>
  code === "NetworkFailure" || code === "ServiceTimeout" || code === "Throttling"

interface ClientConfig extends Target {
  /** Only the operator retries. */
  readonly maxAttempts: 1
}

const service = <Client extends { readonly destroy: () => void }>(
  name: string,
  open: (config: ClientConfig) => Promise<Client>,
): Effect.Effect<(target: Target) => Service<Client>, Config.ConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    const endpoint = yield* configuredEndpoint(name)
    const clients = yield* RcMap.make({
      lookup: (target: Target) =>
        Effect.acquireRelease(
          Effect.promise(() => open({ ...endpoint, ...target, maxAttempts: 1 })),
          (client) => Effect.sync(() => client.destroy()),
        ),
      idleTimeToLive: "5 minutes",
    })
    return (target) => (request) =>
      RcMap.get(clients, target).pipe(
        Effect.flatMap((client) =>
          Effect.tryPromise({
            try: (abortSignal) => request(client, { abortSignal }),
            catch: (error) => toProviderError(name, error),
          }),
        ),
        Effect.scoped,
        Requests.limited,
      )
  })

/** The endpoint that the environment names. The SDK would read it too, but S3 must know that it is a custom one. */
const configuredEndpoint = (name: string): Effect.Effect<Pick<Target, "endpoint">, Config.ConfigError> =>
  Config.all({
    ignored: Config.Boolean("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").pipe(Config.withDefault(false)),
    own: Config.option(Config.String(`AWS_ENDPOINT_URL_${name.toUpperCase().replaceAll(" ", "_")}`)),
    shared: Config.option(Config.String("AWS_ENDPOINT_URL")),
  }).pipe(
    Effect.map(({ ignored, own, shared }) => {
      const set = [own, shared].flatMap(Option.toArray).find((url) => url !== "")
      return ignored || set === undefined ? {} : { endpoint: set }
    }),
  )
