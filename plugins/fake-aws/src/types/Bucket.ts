/** FakeAWS::S3::Bucket: the name is the native id, so a repeated create finds the bucket that it made. */
import { Property } from "formae/plugin"
import * as Schema from "effect/Schema"
import { cloudResource } from "../cloudResource.ts"
import { Tags } from "../Tags.ts"

const BucketName = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u, {
    message: "Expected a bucket name: 3 to 63 lower case letters, digits, dots and hyphens",
  }),
)

export const Bucket = cloudResource({
  type: "FakeAWS::S3::Bucket",
  idempotency: "name",
  properties: Schema.Struct({
    BucketName: Property.named({ letters: "lower", separator: "-", maxLength: 63 })(BucketName),
    VersioningConfiguration: Schema.optionalKey(Schema.Struct({ Status: Schema.Literals(["Enabled", "Suspended"]) })),
    Tags,
    Arn: Property.output(Schema.String),
  }),
  nativeId: ({ properties }) => properties.BucketName,
  identify: ({ BucketName }) => BucketName,
  outputs: (nativeId) => ({ Arn: `arn:aws:s3:::${nativeId}` }),
})
