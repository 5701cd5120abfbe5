/** FakeAWS::EC2::Instance: a repeated create finds it by the operation id in its tag. */
import { Property } from "formae/plugin"
import * as Schema from "effect/Schema"
import { cloudResource } from "../cloudResource.ts"
import { Tags } from "../Tags.ts"

const ImageId = Schema.String.check(
  Schema.isPattern(/^ami-[0-9a-z]+$/u, { message: "Expected an image id such as ami-0abc" }),
)
const InstanceType = Schema.String.check(
  Schema.isPattern(/^[a-z0-9-]+\.[a-z0-9-]+$/u, { message: "Expected an instance type such as t3.micro" }),
)

export const Instance = cloudResource({
  type: "FakeAWS::EC2::Instance",
  idempotency: "tag",
  properties: Schema.Struct({
    ImageId: Property.createOnly(ImageId),
    InstanceType,
    Tags,
    InstanceId: Property.output(Schema.String),
  }),
  nativeId: ({ id }) => `i-${id}`,
  outputs: (nativeId) => ({ InstanceId: nativeId }),
})
