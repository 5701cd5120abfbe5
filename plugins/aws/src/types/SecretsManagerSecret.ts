/** AWS::SecretsManager::Secret. Its native id is its ARN, which ends with characters that the service chooses. */
import type { SecretsManager } from "@aws-sdk/client-secrets-manager"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { clampPageSize } from "../Listing.ts"
import { operationToken } from "../operationToken.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

/** The key that the service uses if no other is given. */
const defaultKey = "alias/aws/secretsmanager"

const properties = Schema.Struct({
  Name: Property.named({ letters: "any", separator: "-", maxLength: 512 })(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9/_+=.@-]{1,512}$/u, { message: "Expected a secret name" })),
  ),
  Description: Schema.optionalKey(Schema.NonEmptyString),
  KmsKeyId: Property.defaultsTo(defaultKey)(Schema.optionalKey(Schema.NonEmptyString)),
  SecretString: Property.writeOnly(Property.opaque(Schema.optionalKey(Schema.NonEmptyString))),
  Tags: Tags.property,
  Id: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ call, keys }: Connection<SecretsManager>, SecretId: string) {
  const found = yield* call((secrets, options) => secrets.describeSecret({ SecretId }, options))
  // A secret that is scheduled for deletion is still returned.
  if (found.DeletedDate !== undefined) {
    return yield* ProviderError.of("NotFound", `Secrets Manager: ${SecretId} is being deleted`)
  }
  const nativeId = yield* required("ARN", found.ARN)
  const tags = Tags.fromService(found.Tags)
  const set = returned({
    Name: found.Name,
    Description: found.Description === "" ? undefined : found.Description,
    KmsKeyId: found.KmsKeyId,
  })
  return { nativeId, tags, properties: { ...set, Tags: Tags.visible(tags, keys), Id: nativeId } }
})

export const SecretsManagerSecret = awsResource({
  type: "AWS::SecretsManager::Secret",
  idempotency: "token",
  properties,
  // Its ARN ends with letters that the service chooses.
  identify: (connection, { Name }) =>
    Name === undefined ? Effect.undefined : Effect.map(describe(connection, Name), ({ nativeId }) => nativeId),
  client: ({ secretsManager }, target) => secretsManager(target),
  describe,
  // The service accepts a name where it expects an ARN.
  find: (_, { properties }) => Effect.succeed(properties.Name),
  // CreateSecret: ResourceExistsException, "a resource with the ID you requested already exists". With the same token it returns the secret that this operation has created.
  refusesSecond: true,
  create: ({ call }, { operationId, properties, tags }) =>
    Effect.flatMap(
      call((secrets, options) =>
        secrets.createSecret({ ...properties, Tags: tags, ClientRequestToken: operationToken(operationId) }, options),
      ),
      ({ ARN }) => required("ARN", ARN),
    ),
  update: ({ call }, { desired, nativeId, operationId, patch }) => {
    const { SecretString } = desired
    const Description = Patch.wanted({ desired, patch }, "Description", "")
    const KmsKeyId = Patch.wanted({ desired, patch }, "KmsKeyId", defaultKey)
    // Any string makes a new version of the secret, even the same one.
    const version = Patch.isChanged(patch, "SecretString") ? { SecretString } : {}
    if (Description === undefined && KmsKeyId === undefined && !("SecretString" in version)) return Effect.void
    return call((secrets, options) =>
      secrets.updateSecret(
        {
          SecretId: nativeId,
          ClientRequestToken: operationToken(operationId),
          Description,
          KmsKeyId,
          ...version,
        },
        options,
      ),
    )
  },
  putTags: ({ call }, { nativeId }, tags) =>
    call((secrets, options) => secrets.tagResource({ SecretId: nativeId, Tags: tags }, options)),
  removeTags: ({ call }, { nativeId }, TagKeys) =>
    call((secrets, options) => secrets.untagResource({ SecretId: nativeId, TagKeys }, options)),
  // Without recovery, because the name could not be used again during the recovery period.
  delete: ({ call }, SecretId) =>
    call((secrets, options) => secrets.deleteSecret({ SecretId, ForceDeleteWithoutRecovery: true }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((secrets, options) =>
        secrets.listSecrets({ MaxResults: clampPageSize(1, 100, page), NextToken: page.pageToken }, options),
      ),
      ({ NextToken, SecretList = [] }) => ({
        // A secret with an owning service is managed by that service.
        ids: SecretList.filter(({ OwningService }) => OwningService === undefined).map(({ ARN }) => ARN),
        next: NextToken,
      }),
    ),
})
