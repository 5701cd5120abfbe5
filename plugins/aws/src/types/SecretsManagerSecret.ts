/** AWS::SecretsManager::Secret. Its native id is its ARN, of which the service makes up a part. */
import type { SecretsManager } from "@aws-sdk/client-secrets-manager"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { within } from "../Listing.ts"
import { operationToken } from "../operationToken.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  Name: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9/_+=.@-]{1,512}$/u, { message: "Expected a secret's name" })),
  ),
  Description: Schema.optionalKey(Schema.NonEmptyString),
  KmsKeyId: Schema.optionalKey(Schema.NonEmptyString),
  SecretString: Property.writeOnly(Property.opaque(Schema.optionalKey(Schema.NonEmptyString))),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  Id: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask }: At<SecretsManager>, SecretId: string) {
  const found = yield* ask((secrets, options) => secrets.describeSecret({ SecretId }, options))
  // One that is on its way out is still shown.
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
  return { nativeId, tags, properties: { ...set, Tags: Tags.visible(tags), Id: nativeId } }
})

/** What the service encrypts with where nothing else is wanted. */
const keyOfAws = "alias/aws/secretsmanager"

export const SecretsManagerSecret = awsResource({
  type: "AWS::SecretsManager::Secret",
  idempotency: "token",
  properties,
  client: ({ secretsManager }, target) => secretsManager(target),
  describe,
  // The service takes a name for an ARN.
  find: (_, { properties }) => Effect.succeed(properties.Name),
  create: ({ ask }, { operationId, properties, tags }) =>
    Effect.flatMap(
      ask((secrets, options) =>
        secrets.createSecret({ ...properties, Tags: tags, ClientRequestToken: operationToken(operationId) }, options),
      ),
      ({ ARN }) => required("ARN", ARN),
    ),
  update: ({ ask }, { desired, operationId, patch, present }) => {
    const { SecretString } = desired
    const Description = Patch.wanted({ desired, patch }, "Description", "")
    const KmsKeyId = Patch.wanted({ desired, patch }, "KmsKeyId", keyOfAws)
    // A string makes a version of the secret, also where it is the same.
    const version = Patch.isChanged(patch, "SecretString") ? { SecretString } : {}
    return ask((secrets, options) =>
      secrets.updateSecret(
        {
          SecretId: present.nativeId,
          ClientRequestToken: operationToken(operationId),
          Description,
          KmsKeyId,
          ...version,
        },
        options,
      ),
    )
  },
  putTags: ({ ask }, { nativeId }, tags) =>
    ask((secrets, options) => secrets.tagResource({ SecretId: nativeId, Tags: tags }, options)),
  removeTags: ({ ask }, { nativeId }, TagKeys) =>
    ask((secrets, options) => secrets.untagResource({ SecretId: nativeId, TagKeys }, options)),
  // At once: a name that waits to be given back could not be used for the next secret.
  delete: ({ ask }, SecretId) =>
    ask((secrets, options) => secrets.deleteSecret({ SecretId, ForceDeleteWithoutRecovery: true }, options)),
  list: ({ ask }, page) =>
    Effect.map(
      ask((secrets, options) =>
        secrets.listSecrets({ MaxResults: within(1, 100, page), NextToken: page.pageToken }, options),
      ),
      ({ NextToken, SecretList = [] }) => ({
        // A secret with an owning service is managed by that service.
        ids: SecretList.filter(({ OwningService }) => OwningService === undefined).map(({ ARN }) => ARN),
        next: NextToken,
      }),
    ),
})
