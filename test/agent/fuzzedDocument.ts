/** Documents with every form that may stand for a value, from a seed. Most are right, and some are wrong in one place or two. */
import type * as Schema from "effect/Schema"
import type { Dice } from "../transport/fuzzedFrames.ts"

type Json = Schema.Json
type JsonObject = Readonly<Record<string, Json>>

/** What the document is given for its secret parameter. */
export const canary = "canary-4d19"

/** The document whose outputs the others use, and its outputs. */
export const network = {
  targets: {},
  resources: [
    { label: "net", type: "FakeAWS::EC2::VPC", target: "cloud", properties: { CidrBlock: "10.0.0.0/16" } },
    {
      label: "key",
      type: "FakeAWS::SecretsManager::Secret",
      target: "cloud",
      properties: { Name: "key", SecretString: "x", Description: { $secret: canary } },
    },
  ],
  outputs: {
    id: { $ref: "net.VpcId" },
    text: { $text: "${net.VpcId} in ${target.cloud.region}" },
    key: { $ref: "key.Description" },
    list: [1, { $ref: "net.CidrBlock" }],
  },
} satisfies JsonObject

const parameters = {
  word: { type: "string", default: "word" },
  key: { type: "string", secret: true },
  count: { type: "integer", default: 2 },
  tags: { type: "list", default: [{ Key: "k", Value: "v" }] },
} satisfies JsonObject

const pick = <A>(dice: Dice, all: ReadonlyArray<A>): A => all[dice(all.length)]!

/** An attribute of each type, with which others refer to it. */
const attributes = {
  "FakeAWS::S3::Bucket": "Arn",
  "FakeAWS::SecretsManager::Secret": "Arn",
  "FakeAWS::EC2::VPC": "VpcId",
  "FakeAWS::EC2::Instance": "InstanceId",
  "FakeAWS::Legacy::Widget": "WidgetId",
} as const
type Type = keyof typeof attributes
const types = Object.keys(attributes) as ReadonlyArray<Type>

interface Entry {
  readonly label: string
  readonly type: Type
}

/** What is wrong wherever a text is expected. */
const mistakes: ReadonlyArray<Json> = [
  { $param: "wrod" },
  { $param: "tags" },
  { $ref: "nobody.Arn" },
  { $ref: "a.Nothing" },
  { $ref: "a.Tags.0.Value" },
  { $ref: "last.VpcId" },
  { $output: "network.idd" },
  { $output: "network.list" },
  { $output: "netwrk.id" },
  { $text: "${network.id" },
  { $text: "${param.tags}" },
  { $text: "${output.network.list}" },
  { $text: "${target.cloud.acount}" },
  { $text: "${a.Description}" },
  { $secret: { $secret: "x" } },
  { $env: "UNSET" },
  { $file: "gone.txt" },
  { $either: 1 },
  7,
  null,
  [],
]

/** A text, or what gives one. `before` are the resources that it may refer to. */
const text = (dice: Dice, before: ReadonlyArray<Entry>): Json => {
  if (dice(30) === 0) return pick(dice, mistakes)
  const one = before.length === 0 ? undefined : pick(dice, before)
  const reference = one === undefined ? "param.word" : `${one.label}.${attributes[one.type]}`
  return pick<() => Json>(dice, [
    () => pick(dice, ["", "plain", "${a.Arn}", "ü\u202e", "x".repeat(300)]),
    () => ({ $param: "word" }),
    () => ({ $param: "key" }),
    () => ({ $env: "SET" }),
    () => ({ $file: "a.txt" }),
    () => ({ $secret: { $param: "word" } }),
    () => ({ $output: pick(dice, ["network.id", "network.text", "network.key"]) }),
    () => (one === undefined ? "plain" : { $ref: reference }),
    () => ({ $text: `\${${reference}}/\${param.word}-\${output.network.id}` }),
    () => ({ $secret: { $text: `\${param.key} \${target.cloud.region}` } }),
    () => ({ $text: "${output.network.key} $${param.word} ${env.SET}" }),
  ])()
}

const tags = (dice: Dice, before: ReadonlyArray<Entry>): JsonObject => {
  if (dice(3) === 0) return {}
  return { Tags: dice(4) === 0 ? { $param: "tags" } : [{ Key: "of", Value: text(dice, before) }] }
}

/** A name, which half of the resources have to be given. */
const named = (dice: Dice, property: string, name: string): JsonObject =>
  pick<() => JsonObject>(dice, [
    () => ({}),
    () => ({}),
    () => ({ [property]: name }),
    () => ({ [property]: { $text: `${name}-\${param.word}` } }),
    () => ({ [property]: { $text: `${name}-\${param.count}` } }),
  ])()

const propertiesOf = (dice: Dice, { label, type }: Entry, before: ReadonlyArray<Entry>): JsonObject => {
  switch (type) {
    case "FakeAWS::S3::Bucket":
      return { ...named(dice, "BucketName", `bucket-${label}`), ...tags(dice, before) }
    case "FakeAWS::SecretsManager::Secret":
      return {
        ...named(dice, "Name", `secret-${label}`),
        SecretString: text(dice, before),
        Description: text(dice, before),
      }
    case "FakeAWS::EC2::VPC":
      return { CidrBlock: `10.${dice(2)}.0.0/16`, ...tags(dice, before) }
    case "FakeAWS::EC2::Instance":
      return { ImageId: `ami-${dice(2)}`, InstanceType: "t3.micro", ...tags(dice, before) }
    case "FakeAWS::Legacy::Widget":
      return { Model: text(dice, before), Size: { $param: "count" } }
  }
}

/** How a resource is treated. */
const care = (dice: Dice, before: ReadonlyArray<Entry>): JsonObject => ({
  ...(dice(12) === 0 ? { protect: true } : {}),
  ...(dice(6) === 0 ? { onRemove: pick(dice, ["retain", "delete"]) } : {}),
  ...(dice(5) === 0 ? { ignore: [pick(dice, ["Tags", "Tags", "/Tags", "Tags", "Tgas", "/Tags/0/Value"])] } : {}),
  ...(dice(4) === 0 ? { replace: "createFirst" } : {}),
  ...(dice(4) === 0
    ? { dependsOn: dice(20) === 0 ? pick(dice, [["last"], ["nobody"]]) : before.map((one) => one.label) }
    : {}),
})

/** A document of a few resources under few labels, so that those of one world replace what the others have made. */
export const fuzzedDocument = (dice: Dice): JsonObject => {
  const entries: Array<Entry> = []
  const resources: Array<JsonObject> = []
  for (const label of ["a", "b", "c", "last"].slice(dice(3))) {
    const entry = { label, type: pick(dice, types) }
    const properties = propertiesOf(dice, entry, entries)
    resources.push({ ...entry, target: "cloud", properties, ...care(dice, entries) })
    entries.push(entry)
  }
  const outputs = { first: text(dice, entries), second: { in: [text(dice, entries)] } }
  return { parameters, resources, ...(dice(2) === 0 ? {} : { outputs }) }
}
