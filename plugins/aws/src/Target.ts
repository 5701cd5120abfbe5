/** Where AWS resources live. Credentials are not part of it: they come from the SDK's own provider chain. */
import { Property } from "formae/plugin"
import * as Schema from "effect/Schema"

export const Target = Schema.Struct({
  region: Property.identity(Schema.NonEmptyString.annotate({ examples: ["eu-west-1"] })),
  /** The URL of an emulator or a private endpoint. Without it, AWS_ENDPOINT_URL and the like apply as in any AWS tool. */
  endpoint: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^https?:\/\//u, { message: "Expected an http or https URL" })),
  ),
  /** A profile in the AWS configuration files. */
  profile: Schema.optionalKey(Schema.NonEmptyString),
})
export type Target = typeof Target.Type

/** `aws`, `aws-cn` or `aws-us-gov`: the second part of an ARN. */
export const partitionOf = ({ region }: Target): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws"
