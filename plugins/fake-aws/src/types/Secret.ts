/** FakeAWS::SecretsManager::Secret: its string is kept in the cloud and never returned. */
import { Property, ProviderError } from "formae/plugin"
import { ResourceType } from "formae/protocol"
import * as Schema from "effect/Schema"
import { cloudResource } from "../cloudResource.ts"
import { Tags } from "../Tags.ts"

const type = ResourceType.make("FakeAWS::SecretsManager::Secret")

const account = "000000000000"

export const Secret = cloudResource({
  type,
  idempotency: "token",
  properties: Schema.Struct({
    Name: Property.named({ letters: "any", separator: "-", maxLength: 512 })(Schema.NonEmptyString),
    Description: Schema.optionalKey(Schema.String),
    SecretString: Property.writeOnly(Property.opaque(Schema.String)),
    Tags,
    Arn: Property.output(Schema.String),
  }),
  nativeId: ({ id, properties, target }) =>
    `arn:aws:secretsmanager:${target.region}:${account}:secret:${properties.Name}-${id.slice(0, 6)}`,
  outputs: (nativeId) => ({ Arn: nativeId }),
  refuseCreate: (tables, { Name }) =>
    tables.findByName(type, Name) && ProviderError.of("AlreadyExists", `a secret named ${Name} already exists`),
})
