/**
 * The module that `formae types` makes for a plugin says what the plugin's own
 * declarations say. `npm run types` checks this file; it is not run.
 */
import { expectTypeOf } from "vitest"
import { FakeAWS } from "../../../examples/hosts/FakeAWS.ts"
import { type Bucket } from "../../../plugins/fake-aws/src/types/Bucket.ts"
import { type Instance } from "../../../plugins/fake-aws/src/types/Instance.ts"
import { type Secret } from "../../../plugins/fake-aws/src/types/Secret.ts"
import { type Vpc } from "../../../plugins/fake-aws/src/types/Vpc.ts"
import { VpcCidrBlock } from "../../../plugins/fake-aws/src/types/VpcCidrBlock.ts"
import { type Widget } from "../../../plugins/fake-aws/src/types/Widget.ts"
import { Forma } from "../../../src/agent/index.ts"

type TypesOf<T extends { readonly "~formae/types": unknown }> = T["~formae/types"]

expectTypeOf<TypesOf<typeof FakeAWS.S3.Bucket>>().toEqualTypeOf<TypesOf<typeof Bucket>>()
expectTypeOf<TypesOf<typeof FakeAWS.EC2.Instance>>().toEqualTypeOf<TypesOf<typeof Instance>>()
expectTypeOf<TypesOf<typeof FakeAWS.EC2.VPC>>().toEqualTypeOf<TypesOf<typeof Vpc>>()
expectTypeOf<TypesOf<typeof FakeAWS.EC2.VPCCidrBlock>>().toEqualTypeOf<TypesOf<typeof VpcCidrBlock>>()
expectTypeOf<TypesOf<typeof FakeAWS.SecretsManager.Secret>>().toEqualTypeOf<TypesOf<typeof Secret>>()
expectTypeOf<TypesOf<typeof FakeAWS.Legacy.Widget>>().toEqualTypeOf<TypesOf<typeof Widget>>()

/** It is used as they are, and together with them. */
const target = Forma.target(FakeAWS.S3.Bucket, { label: "cloud", config: { cloud: "./cloud.db", region: "us-east-1" } })
const net = Forma.resource(FakeAWS.EC2.VPC, { label: "net", target, properties: { CidrBlock: "10.0.0.0/16" } })
const properties = { VpcId: net.ref("VpcId"), CidrBlock: "10.1.0.0/16" }
Forma.resource(VpcCidrBlock, { label: "block", target, properties })
// @ts-expect-error Id is set by the provider
Forma.resource(FakeAWS.EC2.VPCCidrBlock, { label: "block", target, properties: { ...properties, Id: "id" } })
// @ts-expect-error a size is a number
Forma.resource(FakeAWS.Legacy.Widget, { label: "it", target, properties: { Model: "m", Size: net.ref("VpcId") } })
