/** Mistakes in resources: labels, types, properties, care, names, order, and labels that have moved. */
import { bucket, document, type Mistake, mistake, mistakeOf, net } from "./Mistake.ts"

const two = (first: string, second: string, ...more: ReadonlyArray<string>) =>
  document(
    "resources:",
    `  - { type: FakeAWS::S3::Bucket, target: cloud, ${first} }`,
    `  - { type: FakeAWS::S3::Bucket, target: cloud, ${second} }`,
    ...more,
  )

export const resourceMistakes: ReadonlyArray<Mistake> = [
  mistake("a field with a slip", "did you mean dependsOn?", net("◆dependOn: [net]")),
  mistake(
    "a field of the document with a slip",
    "did you mean resources?",
    net("").replace("resources:", "◆ressources:"),
  ),
  mistake(
    "a field that is none",
    "the fields are: namespace, config, drift",
    net("").replace("targets: { cloud: {", "targets: { cloud: { ◆zone: a,"),
  ),
  mistake(
    "a resource without a label",
    "write it here: label: ...",
    document("resources:", "  - ◆{ type: FakeAWS::EC2::VPC, target: cloud }"),
  ),
  mistake("a text for true or false", "this is a string, so write true or false", net("◆protect: yes")),
  mistake("an object for a list", "this is an object, so write a list: [ ... ]", net("◆dependsOn: { a: b }")),
  mistake(
    "a list for an object",
    "this is a list, so write its fields",
    net("").replace("properties: {", "◆properties: [a], onRemove: retain } #"),
  ),
  mistake("a word with a slip", 'did you mean "retain"?', net("◆onRemove: retian")),
  mistake("a word that is none", '"report" | "repair" | "ask"; write one of these', net("◆drift: never")),
  mistake("a label with a dot", "letters, digits, dashes and underscores", two("◆label: a.b", "label: b")),
  mistake("a label twice", "give one of them another label", two("label: a", "◆label: a")),
  mistake(
    "a type that is no type",
    "such as AWS::S3::Bucket",
    document("resources: [{ label: a, ◆type: bucket, target: cloud }]"),
  ),
  mistake(
    "a type with a slip",
    "did you mean FakeAWS::S3::Bucket?",
    document("resources: [{ label: a, ◆type: FakeAWS::S3::Bukket, target: cloud }]"),
  ),
  mistake(
    "a type that is not served",
    "the types that it serves are: FakeAWS::EC2::VPC",
    document("resources: [{ label: a, ◆type: FakeAWS::EC2::Volcano, target: cloud }]"),
  ),
  mistake(
    "a plugin that is missing",
    "formae",
    document("resources: [{ label: a, ◆type: GCP::Storage::Bucket, target: other }]").replace(
      "targets: {",
      "targets: { other: { namespace: GCP },",
    ),
  ),
  mistake(
    "a target with a slip",
    "did you mean cloud?",
    document("resources: [{ label: a, type: FakeAWS::EC2::VPC, ◆target: clud }]"),
  ),
  mistake(
    "a document without targets",
    "there are no targets",
    "resources: [{ label: a, type: FakeAWS::EC2::VPC, ◆target: cloud }]\ntargets: {}\n",
  ),
  mistake(
    "a target of another namespace",
    "name a target of its namespace",
    document("resources: [{ label: a, type: FakeAWS::EC2::VPC, ◆target: other }]").replace(
      "targets: {",
      "targets: { other: { namespace: Azure },",
    ),
  ),
  mistake("a property with a slip", "did you mean BucketName?", bucket("◆Bucketname: my-box")),
  mistake("a property that is none", "the properties that it takes are: BucketName", bucket("◆Encryption: yes")),
  mistake("a property that the provider sets", "take it out", bucket("◆Arn: a")),
  mistake(
    "a property that is missing",
    'FakeAWS::EC2::VPC needs the property CidrBlock; write it here: CidrBlock: "10.0.0.0/16"',
    document("resources: [{ label: a, type: FakeAWS::EC2::VPC, target: cloud, ◆properties: {} }]"),
  ),
  mistake(
    "two labels of one thing",
    "take one of the two labels out",
    two("label: a, properties: { BucketName: box-one }", "label: b, properties: { BucketName: box-one }").replace(
      "- { type: FakeAWS::S3::Bucket, target: cloud, label: b",
      "- ◆{ type: FakeAWS::S3::Bucket, target: cloud, label: b",
    ),
  ),
]

export const careMistakes: ReadonlyArray<Mistake> = [
  mistake("protect in other words", "Expected boolean", net("◆protect: always")),
  mistake("onRemove in other words", '"delete" | "retain"', net("◆onRemove: keep")),
  mistake("replace in other words", '"deleteFirst" | "createFirst"', net("◆replace: first")),
  mistake("drift in other words", '"report" | "repair" | "ask"', net("◆drift: forget")),
  mistake("to ignore what is no property", "did you mean Tags?", net("ignore: [◆Tag]")),
  mistake("to ignore what cannot be given", "the properties that it takes are: CidrBlock", net("ignore: [◆VpcId]")),
  mistake("to ignore an item of a list", "ignore the whole of Tags", net("ignore: [◆/Tags/0]")),
  mistakeOf(
    "to delete what is protected",
    ["net (FakeAWS::EC2::VPC vpc-", "apply the document once without the protection"],
    document("resources: []"),
    { applied: { app: net("protect: true") } },
  ),
  mistakeOf(
    "to delete two that are protected",
    ["two (FakeAWS::S3::Bucket", "apply the document once without the protection"],
    document("resources: []"),
    { applied: { app: two("label: one, protect: true", "label: two, protect: true") } },
  ),
  mistake("to depend on nobody", "did you mean net?", net("dependsOn: [◆nets]")),
  mistake(
    "to depend on each other",
    "take one of these out",
    two("label: a, dependsOn: [b]", "label: b, dependsOn: [a]").replace("  - {", "  - ◆{"),
  ),
  mistake("to depend on itself", "take that out", net("dependsOn: [net]").replace("  - {", "  - ◆{")),
]

export const movedMistakes: ReadonlyArray<Mistake> = [
  mistake("a move without a new label", "write it here: to: ...", net("", "moved: [◆{ from: a }]")),
  mistake(
    "a move from a label that stays",
    "or take this move out",
    two("label: a", "label: b", "moved: [{ ◆from: a, to: b }]"),
  ),
  mistake(
    "a swap",
    "swap two labels by way of a third",
    two("label: a", "label: b", "moved: [{ ◆from: a, to: b }, { from: b, to: a }]"),
  ),
  mistake("a move to nobody", "did you mean net?", net("", "moved: [{ from: a, ◆to: nte }]")),
  mistake(
    "a move from one label twice",
    "keep one of the two",
    two("label: a", "label: b", "moved: [{ from: c, to: a }, { ◆from: c, to: b }]"),
  ),
  mistake("moves to one label", "keep one of the two", net("", "moved: [{ from: a, to: net }, { from: b, ◆to: net }]")),
  mistake(
    "a move to a label that has another thing",
    "move it to another label, or take this move out",
    two(
      "label: b, properties: { BucketName: box-two }",
      "label: c, properties: { BucketName: box-three }",
      "moved: [{ from: a, ◆to: b }]",
    ),
    {
      applied: {
        app: two("label: a, properties: { BucketName: box-one }", "label: b, properties: { BucketName: box-two }"),
      },
    },
  ),
]

export const onlyMistakes: ReadonlyArray<Mistake> = [
  mistakeOf("only a label with a slip", ["no resource ent", "did you mean net?"], net(""), { only: ["ent"] }),
  mistakeOf("only a label that is none", ["no resource database", "the resources of app are: net"], net(""), {
    only: ["database"],
  }),
  mistakeOf("only a label that was renamed", ["was old", "choose net"], net("", "moved: [{ from: old, to: net }]"), {
    only: ["old"],
    applied: { app: net("").replace("label: net", "label: old") },
  }),
  mistakeOf(
    "only what something still needs",
    ["net would be deleted", "choose it too, or leave net out"],
    document("resources: []"),
    { only: ["net"], applied: { app: bucket("Tags: [{ Key: a, Value: { $ref: net.VpcId } }]") } },
  ),
  mistakeOf("only what two others still need", ["net would be deleted", "choose them too"], document("resources: []"), {
    only: ["net"],
    applied: {
      app: net(
        "",
        "  - { label: one, type: FakeAWS::S3::Bucket, target: cloud, dependsOn: [net] }",
        "  - { label: two, type: FakeAWS::S3::Bucket, target: cloud, dependsOn: [net] }",
      ),
    },
  }),
]
