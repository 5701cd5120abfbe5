/** Mistakes in what stands for a value: references, texts, variables, files, secrets, facts and outputs. */
import { bucket, cloud, document, type Mistake, mistake, net, secret } from "./Mistake.ts"

const tag = (value: string, ...more: ReadonlyArray<string>) => bucket(`Tags: [{ Key: a, ${value} }]`, ...more)

export const referenceMistakes: ReadonlyArray<Mistake> = [
  mistake("a reference without a property", "such as net.VpcId", tag("◆Value: { $ref: net }")),
  mistake("a reference with another key", "take default out", tag("◆Value: { $ref: net.VpcId, default: a }")),
  mistake("a reference with other keys", "take the others out", tag("◆Value: { $ref: net.VpcId, or: a, and: b }")),
  mistake("a reference to a label with a slip", "did you mean net?", tag("◆Value: { $ref: nte.VpcId }")),
  mistake("a reference to nobody", "the labels are: net, box", tag("◆Value: { $ref: database.Arn }")),
  mistake("a reference to no property", "did you mean VpcId?", tag("◆Value: { $ref: net.VpcIds }")),
  mistake("a reference into a text", "refer to net.VpcId", tag("◆Value: { $ref: net.VpcId.Name }")),
  mistake(
    "a reference to a value that is never returned",
    "write the value here too",
    secret(
      "SecretString: x",
      "  - { label: two, type: FakeAWS::SecretsManager::Secret, target: cloud, properties: { ◆SecretString: { $ref: key.SecretString } } }",
    ),
  ),
  mistake(
    "a reference to a property that is not set",
    "set it in the document, or refer to another property",
    bucket(
      "BucketName: first-box",
      "  - { label: key, type: FakeAWS::SecretsManager::Secret, target: cloud,",
      "      properties: { SecretString: x, ◆Description: { $ref: box.VersioningConfiguration.Status } } }",
    ),
    { applied: { app: bucket("BucketName: first-box") } },
  ),
  mistake(
    "references in a circle",
    "take one of these out",
    document(
      "resources:",
      "  ◆- { label: a, type: FakeAWS::S3::Bucket, target: cloud, properties: { Tags: [{ Key: a, Value: { $ref: b.Arn } }] } }".replace(
        "◆- ",
        "- ◆",
      ),
      '  - { label: b, type: FakeAWS::S3::Bucket, target: cloud, properties: { Tags: [{ Key: a, Value: { $text: "${a.Arn}" } }] } }',
    ),
  ),
  mistake(
    "a reference to itself",
    "take that out",
    tag("Value: { $ref: box.Arn }").replace("  - { label: box", "  - ◆{ label: box"),
  ),
  mistake(
    "a target that refers to a resource",
    "write the value itself",
    net("").replace("region: eu-west-1", "◆region: { $ref: net.VpcId }"),
  ),
  mistake(
    "a target with a reference that is none",
    "such as net.VpcId",
    net("").replace("region: eu-west-1", "◆region: { $ref: net }"),
  ),
]

export const nestedMistakes: ReadonlyArray<Mistake> = [
  mistake(
    "a field inside of a property that is none",
    "the fields are: Status",
    bucket("VersioningConfiguration: { ◆State: Enabled }"),
  ),
  mistake("a value of another kind", "Expected string", bucket("BucketName: box-one, Tags: [{ Key: a, ◆Value: 7 }]")),
  mistake(
    "a value that is none of a list",
    '"Enabled" | "Suspended"',
    bucket("VersioningConfiguration: { ◆Status: On }"),
  ),
  mistake(
    "a target that does not say where",
    'is missing; write it here: region: "eu-west-1"',
    net("").replace("config: {", "◆config: {").replace("region: eu-west-1, ", ""),
  ),
  mistake("a target with a slip", "did you mean region?", net("").replace("region:", "◆regoin:")),
]

export const textMistakes: ReadonlyArray<Mistake> = [
  mistake("a text that is a list", "such as net-${net.VpcId}", tag("◆Value: { $text: [a] }")),
  mistake("a text that is not closed", "write $${ where ${", tag('◆Value: { $text: "${net.VpcId" }')),
  mistake("a text with a shell's value", "write $${ where ${", tag('◆Value: { $text: "${HOME}" }')),
  mistake("a text with a part of a parameter", "refer to the whole of it", tag('Value: { ◆$text: "${param.a.b}" }')),
  mistake(
    "a text with a list in it",
    "refer to a value inside it",
    tag(
      '◆Value: { $text: "${key.Tags}" }',
      "  - { label: key, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.1.0.0/16, Tags: [] } }",
    ),
  ),
  mistake(
    "a text with an object in it",
    "refer to a value inside it",
    tag(
      '◆Value: { $text: "${two.VersioningConfiguration}" }',
      "  - { label: two, type: FakeAWS::S3::Bucket, target: cloud }",
    ),
  ),
  mistake(
    "a text with a resource of a reserved word",
    "give the resource another label",
    tag('◆Value: { $text: "${target.Arn}" }', "  - { label: target, type: FakeAWS::S3::Bucket, target: cloud }"),
  ),
  mistake(
    "a text with a fact that has no name",
    "such as ${target.aws.accountId}",
    tag('◆Value: { $text: "${target.cloud}" }'),
  ),
  mistake("a text with a fact of no target", "did you mean cloud?", tag('◆Value: { $text: "${target.clod.region}" }')),
  mistake("a text with no fact", "the facts are: ", tag('◆Value: { $text: "${target.cloud.weather}" }')),
  mistake(
    "a text with an output that has no name",
    "such as ${output.network.vpcId}",
    tag('◆Value: { $text: "${output.network}" }'),
  ),
  mistake("a value that only formae writes", "write the value itself", bucket("◆Tags: { $value: a }")),
]

export const outsideMistakes: ReadonlyArray<Mistake> = [
  mistake("a variable with a number for its name", "such as { $env: HOME }", tag("◆Value: { $env: 7 }")),
  mistake("a variable that is not set", "set it, or give it a default", tag("◆Value: { $env: NOBODY }")),
  mistake("a variable with a number for its default", "put it in quotes", tag("◆Value: { $env: NOBODY, default: 7 }")),
  mistake(
    "a variable that is secret in other words",
    "expected secret: true",
    tag("◆Value: { $env: NOBODY, secret: very }"),
  ),
  mistake("a variable with another key", "take that out", tag("◆Value: { $env: NOBODY, or: a }")),
  mistake(
    "a text with a variable whose name cannot be one",
    "such as ${env.HOME}",
    tag('Value: { ◆$text: "${env.MY-HOME}" }'),
  ),
  mistake(
    "a text with a variable that is not set",
    "set it, or give it a default",
    tag('Value: { ◆$text: "${env.NOBODY}" }'),
  ),
  mistake("a file without a path", "such as { $file: ./policy.json }", tag("◆Value: { $file: [] }")),
  mistake("a file with another key", "take that out", tag("◆Value: { $file: ./a.txt, as: json }")),
  mistake("a file that is missing", "its path is from the folder", tag("◆Value: { $file: ./missing.txt }")),
  mistake("a file outside", "can have only such files", tag("◆Value: { $file: ../elsewhere.txt }")),
  mistake("a file that is a folder", "its path is from the folder", {
    "app.yaml": tag("◆Value: { $file: ./sub }"),
    "sub/a.txt": "a",
  }),
  mistake("a file that is large", "more than 1 MiB", {
    "app.yaml": tag("◆Value: { $file: ./large.txt }"),
    "large.txt": "x".repeat(1_100_000),
  }),
  mistake("a secret in a name", "use a value that is not secret", bucket("◆BucketName: { $secret: my-box }")),
  mistake(
    "a secret in a name by a text with a parameter",
    "use a value that is not secret",
    bucket('◆BucketName: { $text: "box-${param.key}" }', "parameters: { key: { type: string, secret: true } }"),
    { set: ["key=abc"] },
  ),
  mistake("a secret with another key", "take by out", tag("◆Value: { $secret: a, by: me }")),
  mistake(
    "a secret target",
    "use a value that is not secret",
    net("").replace("region: eu-west-1", "◆region: { $secret: eu-west-1 }"),
  ),
]

const network = net("", "outputs: { cidr: { $ref: net.CidrBlock }, tags: { a: 1 } }")
const useOf = (output: string) =>
  `resources: [{ label: box, type: FakeAWS::S3::Bucket, target: cloud, properties: { Tags: [{ Key: a, ${output} }] } }]${cloud}`

export const outputMistakes: ReadonlyArray<Mistake> = [
  mistake("an output without a document", "such as network.vpcId", useOf("◆Value: { $output: cidr }")),
  mistake("an output of a document with a slip", "did you mean network?", useOf("◆Value: { $output: netwrok.cidr }"), {
    applied: { network },
  }),
  mistake("an output of a document that is not applied", "apply it first", useOf("◆Value: { $output: accounts.main }")),
  mistake("an output that does not exist", "did you mean cidr?", useOf("◆Value: { $output: network.cdir }"), {
    applied: { network },
  }),
  mistake("an output of its own", "refer to the resource itself with $ref", useOf("◆Value: { $output: app.cidr }")),
  mistake(
    "an object in a text by an output",
    "refer to a value inside it",
    useOf('◆Value: { $text: "${output.network.tags}" }'),
    { applied: { network } },
  ),
  mistake(
    "outputs of each other",
    "put what both need into a third document",
    net("◆protect: false", "outputs: { a: 1 }")
      .replace("◆protect: false", "protect: false")
      .replace("outputs: { a: 1 }", "outputs: { ◆a: { $output: other.b } }"),
    {
      applied: {
        app: net("", "outputs: { a: 1 }"),
        other: document(
          "resources: [{ label: two, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.9.0.0/16 } }]",
          "outputs: { b: { $output: app.a } }",
        ),
      },
    },
  ),
  mistake("an output that refers to nobody", "did you mean net?", net("", "outputs: { ◆a: { $ref: ent.VpcId } }")),
  mistake("outputs in a list", "Expected", net("", "◆outputs: [a]")),
]
