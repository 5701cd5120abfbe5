import type { Forma } from "../../../src/agent/forma/Forma.ts"
import { Namespace, ResourceType } from "../../../src/protocol/Identity.ts"

/** A forma of so many buckets in a FakeAWS that answers at once, whose file is `cloud`. */
export const bucketsForma = (cloud: string, count: number): Forma => ({
  name: "bench",
  targets: {
    cloud: { namespace: Namespace.make("FakeAWS"), config: { cloud, region: "eu-west-1", settleMillis: 0 } },
  },
  resources: Array.from({ length: count }, (_, index) => ({
    label: `bucket-${index}`,
    type: ResourceType.make("FakeAWS::S3::Bucket"),
    target: "cloud",
    properties: { BucketName: `bucket-${index}` },
  })),
})
