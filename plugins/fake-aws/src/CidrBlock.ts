/** An IPv4 range as EC2 accepts it for a VPC: with a netmask of 16 to 28 bits. */
import * as Schema from "effect/Schema"

export const CidrBlock = Schema.String.check(
  Schema.isPattern(/^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/(1[6-9]|2[0-8])$/u, {
    message: "Expected an IPv4 CIDR block such as 10.0.0.0/16, with a netmask of 16 to 28 bits",
  }),
).annotate({ examples: ["10.0.0.0/16"] })
