/** The FakeAWS namespace: a cloud in a SQLite file, for trying out formae and for testing it. */
import { definePlugin } from "formae/plugin"
import { Cloud } from "./Cloud.ts"
import { Bucket } from "./types/Bucket.ts"
import { Instance } from "./types/Instance.ts"
import { Secret } from "./types/Secret.ts"
import { Vpc } from "./types/Vpc.ts"
import { VpcCidrBlock } from "./types/VpcCidrBlock.ts"
import { Widget } from "./types/Widget.ts"

export const plugin = definePlugin({
  name: "fake-aws",
  namespace: "FakeAWS",
  version: "0.2.0",
  limitsRequests: true,
  types: [Bucket, Vpc, VpcCidrBlock, Instance, Secret, Widget],
  layer: Cloud.layer,
})
