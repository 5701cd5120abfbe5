/**
 * What the compiler accepts in a forma that is built in code, and what it
 * refuses. `npm run types` checks this file; it is not run.
 */
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { expectTypeOf } from "vitest"
import { Bucket } from "../../../plugins/fake-aws/src/types/Bucket.ts"
import { Secret } from "../../../plugins/fake-aws/src/types/Secret.ts"
import { VpcCidrBlock } from "../../../plugins/fake-aws/src/types/VpcCidrBlock.ts"
import { type AttributeRef, type DeclaredTarget, Forma, type FormaInvalid } from "../../../src/agent/index.ts"
import { typedResource } from "../../../src/protocol/index.ts"

interface Mount {
  readonly Path: string
  readonly Owner: { readonly Uid: number; readonly Name: string }
}

interface DiskProperties {
  readonly Size: number
  readonly Mode?: "fast" | "safe"
  readonly Sealed?: boolean
  readonly Mounts?: ReadonlyArray<Mount>
  readonly Labels?: { readonly [name: string]: string }
  readonly Hint?: string | ReadonlyArray<string>
  readonly Extra?: Schema.Json
}

interface DiskAttributes extends Required<DiskProperties> {
  readonly Id: string
  readonly Inodes: number
  readonly Names: ReadonlyArray<string>
}

const Disk = typedResource<DiskProperties, DiskAttributes, { readonly host: string }>("Suite::Of::Disk")

const label = "it"
const owner = { Uid: 0, Name: "root" }
const mount = { Path: "/", Owner: owner }
const cloud = Forma.target(Bucket, { label: "cloud", config: { cloud: "./cloud.db", region: "us-east-1" } })
const target = Forma.target(Disk, { label: "here", config: { host: "local" } })
const bucket = Forma.resource(Bucket, { label, target: cloud, properties: { BucketName: "pictures" } })
const disk = Forma.resource(Disk, { label, target, properties: { Size: 1 } })

const name = disk.ref("Id")

/** What the type takes is accepted. */
Forma.resource(Bucket, {
  label,
  target: cloud,
  properties: {
    BucketName: "logs",
    VersioningConfiguration: { Status: "Enabled" },
    Tags: [{ Key: "of", Value: "pictures" }],
  },
})

/** A wrong name is refused, at any depth. */
// @ts-expect-error there is no property Colour
Forma.resource(Bucket, { label, target: cloud, properties: { BucketName: "logs", Colour: "red" } })
// @ts-expect-error a mount has no mode
Forma.resource(Disk, { label, target, properties: { Size: 1, Mounts: [{ ...mount, Mode: "fast" }] } })

/** A wrong type is refused, at any depth. */
// @ts-expect-error a name is a string
Forma.resource(Bucket, { label, target: cloud, properties: { BucketName: 1 } })
// @ts-expect-error a value is a string
Forma.resource(Bucket, { label, target: cloud, properties: { BucketName: "a", Tags: [{ Key: "a", Value: 1 }] } })
// @ts-expect-error there is no such mode
Forma.resource(Disk, { label, target, properties: { Size: 1, Mode: "slow" } })

/** An output cannot be given. */
// @ts-expect-error Arn is set by the provider
Forma.resource(Bucket, { label, target: cloud, properties: { BucketName: "logs", Arn: "arn:aws:s3:::logs" } })

/** What is required must be given, at any depth. */
// @ts-expect-error Size is missing
Forma.resource(Disk, { label, target, properties: {} })
// A name that the agent can make is not.
Forma.resource(Bucket, { label, target: cloud, properties: {} })
// @ts-expect-error Value is missing
Forma.resource(Bucket, { label, target: cloud, properties: { BucketName: "logs", Tags: [{ Key: "of" }] } })
// @ts-expect-error the properties are missing
Forma.resource(Bucket, { label, target: cloud })

/** A reference has the type of its attribute. */
expectTypeOf(bucket.ref("Arn")).toEqualTypeOf<AttributeRef<string>>()
expectTypeOf(bucket.ref("VersioningConfiguration")).toEqualTypeOf<
  AttributeRef<{ readonly Status: "Enabled" | "Suspended" }>
>()
expectTypeOf(disk.ref("Inodes")).toEqualTypeOf<AttributeRef<number>>()
// @ts-expect-error a bucket has no attribute VpcId
bucket.ref("VpcId")
const secret = Forma.resource(Secret, { label, target: cloud, properties: { Name: "a", SecretString: "b" } })
// @ts-expect-error the string of a secret is never returned
secret.ref("SecretString")

/** A reference is accepted wherever a value of its type is, at any depth. */
Forma.resource(VpcCidrBlock, { label, target: cloud, properties: { VpcId: disk.ref("Id"), CidrBlock: "10.0.0.0/16" } })
Forma.resource(Disk, {
  label,
  target,
  properties: {
    Size: disk.ref("Inodes"),
    Mode: disk.ref("Mode"),
    Sealed: disk.ref("Sealed"),
    Mounts: [{ Path: bucket.ref("Arn"), Owner: { Uid: disk.ref("Inodes"), Name: disk.ref("Mode") } }],
    Labels: { one: bucket.ref("Arn"), two: "two" },
    Hint: disk.ref("Names"),
    Extra: { deep: [disk.ref("Inodes"), bucket.ref("Arn")] },
  },
})
Forma.resource(Disk, {
  label,
  target,
  properties: { Size: 1, Mounts: disk.ref("Mounts"), Labels: disk.ref("Labels"), Hint: [disk.ref("Id")] },
})

/** A reference is refused where a value of its type would be, at any depth. */
// @ts-expect-error a size is a number
Forma.resource(Disk, { label, target, properties: { Size: disk.ref("Id") } })
// @ts-expect-error a name is a string
Forma.resource(Bucket, { label, target: cloud, properties: { BucketName: disk.ref("Inodes") } })
// @ts-expect-error a value is a string
Forma.resource(Disk, { label, target, properties: { Size: 1, Labels: { one: disk.ref("Inodes") } } })
// @ts-expect-error an id is a number
Forma.resource(Disk, { label, target, properties: { Size: 1, Mounts: [{ ...mount, Owner: { ...owner, Uid: name } }] } })
// @ts-expect-error not every string is a mode
Forma.resource(Disk, { label, target, properties: { Size: 1, Mode: disk.ref("Id") } })
// @ts-expect-error a hint is a string or strings
Forma.resource(Disk, { label, target, properties: { Size: 1, Hint: disk.ref("Inodes") } })
// @ts-expect-error a reference that is written by hand has no type
Forma.resource(Disk, { label, target, properties: { Size: { $ref: "it.Inodes" } } })

/** The config of a target is checked, and so is whether it fits the type. */
expectTypeOf(target).toEqualTypeOf<DeclaredTarget<{ readonly host: string }>>()
// @ts-expect-error region is missing
Forma.target(Bucket, { label, config: { cloud: "./cloud.db" } })
// @ts-expect-error there is no such field
Forma.target(Bucket, { label, config: { cloud: "./cloud.db", region: "us-east-1", zone: "a" } })
// @ts-expect-error the target is of another plugin
Forma.resource(Bucket, { label, target, properties: { BucketName: "logs" } })
// @ts-expect-error a target is declared, not named
Forma.resource(Bucket, { label, target: "cloud", properties: { BucketName: "logs" } })

/** What is no resource type that the compiler knows is refused. */
// @ts-expect-error a string has no types
Forma.resource("FakeAWS::S3::Bucket", { label, target: cloud, properties: { BucketName: "logs" } })

/** A forma is made of what was declared, or of the content of a document, which needs no brands. */
expectTypeOf(Forma.make({ name: "shop", targets: [cloud, target], resources: [bucket, disk, secret] })).toEqualTypeOf<
  Effect.Effect<Forma, FormaInvalid>
>()
expectTypeOf(Forma.make).toBeCallableWith({
  name: "shop",
  targets: { cloud: { namespace: "FakeAWS", config: { cloud: "./cloud.db", region: "us-east-1" } } },
  resources: [bucket, { label, type: "FakeAWS::S3::Bucket", target: "cloud", properties: { BucketName: "logs" } }],
})
// @ts-expect-error the name is missing
expectTypeOf(Forma.make).toBeCallableWith({ targets: [cloud], resources: [bucket] })

/** A text is accepted wherever a string is, at any depth, and depends on what it refers to. */
Forma.resource(Disk, {
  label,
  target,
  properties: {
    Size: 1,
    Hint: [Forma.text`on ${name}`],
    Labels: { of: Forma.text`${disk.ref("Inodes")} inodes` },
    Extra: { at: Forma.text`/${name}` },
  },
  dependsOn: [bucket],
})

/** A number is no text, and neither is one of a few words. */
// @ts-expect-error Size is a number
Forma.resource(Disk, { label, target, properties: { Size: Forma.text`1` } })
// @ts-expect-error Mode is fast or safe
Forma.resource(Disk, { label, target, properties: { Size: 1, Mode: Forma.text`fast` } })
// @ts-expect-error a list cannot be put into a text
Forma.text([] as unknown as TemplateStringsArray, disk.ref("Names"))
// @ts-expect-error the labels are those of resources
Forma.resource(Disk, { label, target, properties: { Size: 1 }, dependsOn: ["bucket"] })
