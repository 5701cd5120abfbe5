/** The settings of a bucket that are applied after it is created, each with a call of its own. */
import type {
  GetBucketEncryptionOutput,
  GetBucketLifecycleConfigurationOutput,
  GetBucketVersioningOutput,
  GetPublicAccessBlockOutput,
  S3,
} from "@aws-sdk/client-s3"
import { Property, type ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Service } from "../AwsClients.ts"
import { errorName } from "../ErrorCodes.ts"
import { fromService, Rule, toService } from "./S3LifecycleRules.ts"

const flag = Property.defaultsTo(false)(Schema.optionalKey(Schema.Boolean))

export const fields = {
  VersioningConfiguration: Schema.optionalKey(Schema.Struct({ Status: Schema.Literals(["Enabled", "Suspended"]) })),
  BucketEncryption: Schema.optionalKey(
    Schema.Struct({
      ServerSideEncryptionConfiguration: Schema.Array(
        Schema.Struct({
          BucketKeyEnabled: flag,
          ServerSideEncryptionByDefault: Schema.Struct({
            SSEAlgorithm: Schema.Literals(["AES256", "aws:kms", "aws:kms:dsse"]),
            KMSMasterKeyID: Schema.optionalKey(Schema.NonEmptyString),
          }),
        }),
      ),
    }),
  ),
  PublicAccessBlockConfiguration: Schema.optionalKey(
    Schema.Struct({
      BlockPublicAcls: flag,
      BlockPublicPolicy: flag,
      IgnorePublicAcls: flag,
      RestrictPublicBuckets: flag,
    }),
  ),
  LifecycleConfiguration: Schema.optionalKey(Schema.Struct({ Rules: Property.unordered(Schema.Array(Rule)) })),
}
const Configuration = Schema.Struct(fields)
type Configuration = typeof Configuration.Type

export const isEmpty = (properties: Configuration): boolean =>
  Object.keys(fields).every((name) => !Object.hasOwn(properties, name))

/** The wanted value of each part, `none` to remove it, or undefined to leave it as it is. */
export type Wanted = { readonly [Part in keyof Configuration]: Configuration[Part] | "none" | undefined }

export const configure = Effect.fnUntraced(function* (s3: Service<S3>, Bucket: string, wanted: Wanted) {
  const versioning = wanted.VersioningConfiguration
  if (versioning !== undefined) {
    // A bucket that was ever versioned cannot become unversioned again.
    const VersioningConfiguration = versioning === "none" ? ({ Status: "Suspended" } as const) : versioning
    yield* s3((client, options) => client.putBucketVersioning({ Bucket, VersioningConfiguration }, options))
  }

  const encryption = wanted.BucketEncryption
  if (encryption === "none") yield* s3((client, options) => client.deleteBucketEncryption({ Bucket }, options))
  else if (encryption !== undefined) {
    const Rules = encryption.ServerSideEncryptionConfiguration.map(({ ServerSideEncryptionByDefault, ...rule }) => ({
      ...rule,
      ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
    }))
    yield* s3((client, options) =>
      client.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules } }, options),
    )
  }

  const access = wanted.PublicAccessBlockConfiguration
  if (access === "none") yield* s3((client, options) => client.deletePublicAccessBlock({ Bucket }, options))
  else if (access !== undefined) {
    yield* s3((client, options) =>
      client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: access }, options),
    )
  }

  const lifecycle = wanted.LifecycleConfiguration
  if (lifecycle === "none") yield* s3((client, options) => client.deleteBucketLifecycle({ Bucket }, options))
  else if (lifecycle !== undefined) {
    const Rules = lifecycle.Rules.map(toService)
    yield* s3((client, options) =>
      client.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules } }, options),
    )
  }
})

/** S3 answers with an error for a part that is not set. */
const emptyOn = (name: string) => (error: unknown) => (errorName(error) === name ? {} : Promise.reject(error))

export const configurationOf = Effect.fnUntraced(function* (
  s3: Service<S3>,
  Bucket: string,
): Effect.fn.Return<ReturnType<typeof toProperties>, ProviderError> {
  const parts = yield* Effect.all(
    {
      versioning: s3((client, options) => client.getBucketVersioning({ Bucket }, options)),
      encryption: s3((client, options) =>
        client
          .getBucketEncryption({ Bucket }, options)
          .catch(emptyOn("ServerSideEncryptionConfigurationNotFoundError")),
      ),
      access: s3((client, options) =>
        client.getPublicAccessBlock({ Bucket }, options).catch(emptyOn("NoSuchPublicAccessBlockConfiguration")),
      ),
      lifecycle: s3((client, options) =>
        client.getBucketLifecycleConfiguration({ Bucket }, options).catch(emptyOn("NoSuchLifecycleConfiguration")),
      ),
    },
    { concurrency: "unbounded" },
  )
  return toProperties(parts)
})

const toProperties = (parts: {
  readonly versioning: GetBucketVersioningOutput
  readonly encryption: GetBucketEncryptionOutput
  readonly access: GetPublicAccessBlockOutput
  readonly lifecycle: GetBucketLifecycleConfigurationOutput
}) => {
  const { Status } = parts.versioning
  const encryption = parts.encryption.ServerSideEncryptionConfiguration?.Rules
  const access = parts.access.PublicAccessBlockConfiguration
  const rules = parts.lifecycle.Rules
  return returned({
    VersioningConfiguration: Status && { Status },
    BucketEncryption: encryption && {
      ServerSideEncryptionConfiguration: encryption.map(({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }) =>
        returned({
          BucketKeyEnabled,
          ServerSideEncryptionByDefault: returned({ ...ApplyServerSideEncryptionByDefault }),
        }),
      ),
    },
    // S3-compatible services may answer with something else.
    PublicAccessBlockConfiguration: access?.BlockPublicAcls === undefined ? undefined : returned({ ...access }),
    LifecycleConfiguration: rules && { Rules: rules.map(fromService) },
  })
}
