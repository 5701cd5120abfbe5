/** Mistakes in the parts that a document uses. */
import { cloud, document, type Files, type Mistake, mistake, mistakeOf, net } from "./Mistake.ts"

const lines = (...all: ReadonlyArray<string>) => `${all.join("\n")}\n`

const part = (use: string, other: string, ...more: ReadonlyArray<string>): Files => ({
  "app.yaml": document(`use: { ${use} }`, ...(more.length === 0 ? ["resources: []"] : more)),
  "part.yaml": other,
})
const partNet = lines(
  "resources: [{ label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }]",
  "outputs: { vpcId: { $ref: net.VpcId }, all: { a: 1 }, list: [1] }",
)
const netPart = "net: { document: ./part.yaml }"
const bucketWith = (value: string) =>
  `resources: [{ label: box, type: FakeAWS::S3::Bucket, target: cloud, properties: { Tags: [{ Key: a, ${value} }] } }]`
const nest = (levels: number): Files =>
  Object.fromEntries(
    Array.from({ length: levels }, (_, index) => [
      index === 0 ? "app.yaml" : `p${index}.yaml`,
      `use: { n: { ${index === 8 ? "◆" : ""}document: ./p${index + 1}.yaml } }\nresources: []${index === 0 ? cloud : "\n"}`,
    ]),
  )

export const useMistakes: ReadonlyArray<Mistake> = [
  mistake("parts in a list", "such as net: { document: ./network.yaml }", document("resources: []", "◆use: [a]")),
  mistake("a part that is a path", "expected a part, such as net: ", part("◆net: ./part.yaml", partNet)),
  mistake(
    "a part of a reserved name",
    "give the part another name",
    part("◆target: { document: ./part.yaml }", partNet),
  ),
  mistake(
    "a part whose name has a dot",
    "letters, digits, dashes and underscores",
    part("◆a.b: { document: ./part.yaml }", partNet),
  ),
  mistake(
    "a part with a field that is none",
    "a part has: document, parameters, prefix",
    part("net: { document: ./part.yaml, ◆version: 1 }", partNet),
  ),
  mistake("a part without a document", "expected the path of a document", part("◆net: {}", partNet)),
  mistake(
    "a part with parameters in a list",
    "by name, such as { cidr: 10.0.0.0/16 }",
    part("net: { document: ./part.yaml, ◆parameters: [] }", partNet),
  ),
  mistake(
    "a part with a prefix that labels cannot have",
    "such as net-",
    part("net: { document: ./part.yaml, ◆prefix: a.b }", partNet),
  ),
  mistake("a part that is missing", "its path is from the folder", part("net: { ◆document: ./none.yaml }", partNet)),
  mistake("a part outside", "can use only such documents", part("net: { ◆document: ../none.yaml }", partNet)),
  mistake(
    "a part that is a list",
    "write its resources and outputs into it",
    part("net: { ◆document: ./part.yaml }", "[]\n"),
  ),
  mistake("a part that is not YAML", "close what is open before it", part(netPart, "a: [◆")),
  mistake("a part that is the document", "take one of these uses out", part("net: { ◆document: ./app.yaml }", partNet)),
  mistake(
    "a part that uses itself",
    "take one of these uses out",
    part(netPart, "use: { again: { ◆document: ./part.yaml } }\n"),
  ),
  mistake(
    "a part that is a file of the folder",
    "take it out of use",
    {
      "all/a.yaml": `${net("")}use: { c: { document: ./sub/c.yaml } }\n`,
      "all/b.yaml": "resources: []\n",
      "all/sub/c.yaml": "use: { b: { ◆document: ../b.yaml } }\n",
    },
    { document: "all" },
  ),
  mistake("parts in parts in parts", "use the inner ones from further out", {
    ...nest(10),
    "p10.yaml": "resources: []\n",
  }),
  mistake("many parts", "make several documents of this one", {
    "app.yaml": document(
      "use:",
      ...Array.from({ length: 11 }, (_, index) => `  a${index}: { document: ./many.yaml }`),
      "resources: []",
    ),
    "many.yaml": lines(
      "use:",
      ...Array.from({ length: 100 }, (_, index) => `  b${index}: { ${index === 90 ? "◆" : ""}document: ./one.yaml }`),
    ),
    "one.yaml": "resources: []\n",
  }),
  mistake(
    "a part that has no such parameter",
    "did you mean cidr?",
    part(
      "net: { document: ./part.yaml, parameters: { ◆cdir: a } }",
      "parameters: { cidr: { type: string, default: a } }\n",
    ),
  ),
  mistake(
    "a part that needs a parameter",
    "parameters: { cidr: ... }",
    part(`◆${netPart}`, "parameters: { cidr: { type: string } }\n"),
  ),
  mistake(
    "a part with a wrong parameter",
    "put it in quotes",
    part("net: { document: ./part.yaml, parameters: { ◆cidr: 7 } }", "parameters: { cidr: { type: string } }\n"),
  ),
  mistake(
    "a part with a parameter that is none of JSON",
    "put it in quotes",
    part("net: { document: ./part.yaml, parameters: { ◆cidr: .nan } }", "parameters: { cidr: { type: string } }\n"),
  ),
  mistake(
    "a part with a text for a number",
    "give it a value of that type",
    part(
      'net: { document: ./part.yaml, parameters: { ◆size: { $text: "${box.Arn}" } } }',
      "parameters: { size: { type: number } }\n",
      "resources: [{ label: box, type: FakeAWS::S3::Bucket, target: cloud }]",
    ),
  ),
  mistake(
    "a part that takes what it has not declared",
    "there are no parameters",
    part(
      netPart,
      "resources: [{ label: a, type: FakeAWS::EC2::VPC, target: cloud, properties: { ◆CidrBlock: { $param: cidr } } }]\n",
    ),
  ),
  mistake(
    "a part that refers to its user",
    "give it the value by a parameter",
    part(
      netPart,
      "resources: [{ label: a, type: FakeAWS::S3::Bucket, target: cloud, properties: { Tags: [{ Key: a, ◆Value: { $ref: database.Arn } }] } }]\n",
    ),
  ),
  mistake(
    "a part that refers to a label with a slip",
    "did you mean net?",
    part(netPart, "resources: [{ label: net, type: FakeAWS::EC2::VPC, target: cloud, dependsOn: [◆nte] }]\n"),
  ),
  mistake(
    "a part that has another target of the same name",
    "give one of them another name",
    part(netPart, "resources: []\ntargets: { ◆cloud: { namespace: FakeAWS } }\n"),
  ),
  mistake(
    "an output that the part has not",
    "did you mean vpcId?",
    part(netPart, partNet, bucketWith("◆Value: { $ref: net.vpcid }")),
  ),
  mistake(
    "a place that an output has not",
    "refer to the whole of it",
    part(netPart, partNet, bucketWith("◆Value: { $ref: net.all.b }")),
  ),
  mistake(
    "an output in a text that does not fit",
    "put this in by itself",
    part(netPart, partNet, bucketWith('Value: { ◆$text: "${net.list}" }')),
  ),
  mistake("outputs in a list", "such as outputs: { NAME: ... }", part(netPart, "◆outputs: [a]\n")),
  mistake(
    "outputs of parts in a circle",
    "take one of these references out",
    part(
      "one: { document: ./part.yaml, parameters: { a: { $ref: two.a } } }, two: { document: ./part.yaml, parameters: { a: { $ref: one.a } } }",
      "parameters: { a: { type: string } }\noutputs: { ◆a: { $param: a } }\n",
    ),
  ),
  mistake(
    "a label that is the name of a part",
    "give one of them another name",
    part(netPart, partNet, bucketWith("Value: a").replace("label: box", "◆label: net")),
  ),
  mistake("two parts of one name", "give one of them another name", {
    ...part("a-b: { document: ./part.yaml }, a: { document: ./outer.yaml }", partNet),
    "outer.yaml": "use: { ◆b: { document: ./part.yaml } }\n",
  }),
  mistake(
    "to depend on a part with a slip",
    "did you mean the part network?",
    part(
      "network: { document: ./part.yaml }",
      partNet,
      "resources: [{ label: box, type: FakeAWS::S3::Bucket, target: cloud, dependsOn: [◆netwrk] }]",
    ),
  ),
  mistakeOf("a part from a pipe", ["use.net.document", "give it as a file"], part(netPart, partNet), {
    document: "-",
    name: "app",
  }),
  mistakeOf(
    "a file from a pipe",
    ["properties.Tags", "give it as a file"],
    document(
      "resources: [{ label: box, type: FakeAWS::S3::Bucket, target: cloud, properties: { Tags: { $file: ./a.txt } } }]",
    ),
    { document: "-", name: "app" },
  ),
]
