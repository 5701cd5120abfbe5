/** Mistakes in the files of a document: their YAML, and a folder of them. */
import { cloud, type Files, type Given, type Mistake, mistake, mistakeOf, net } from "./Mistake.ts"

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels)
const lines = (...all: ReadonlyArray<string>) => `${all.join("\n")}\n`

export const yamlMistakes: ReadonlyArray<Mistake> = [
  mistakeOf("nothing", ["app.yaml:1:1 ", "it needs targets and resources"], ""),
  mistake("a list", "Expected", "◆[]"),
  mistake("a tag of CloudFormation", "write { $ref: label.Property }", "a: ◆!Ref net\n"),
  mistake("a tab", "indent with spaces", "a:\n◆\t- b\n"),
  mistake("a colon in a text", "put quotes around", "a: ◆b: c\n"),
  mistake("a key twice", "take one of the two out", "a: 1\n◆a: 2\n"),
  mistake("two documents", "put it into a file of its own", "a: 1\n◆---\nb: 2\n"),
  mistake("a text that is not closed", "look for what is not closed", 'a: "x◆'),
  mistake("braces of a template", "put quotes around it", "a: {◆{ b }: c}\n"),
  mistake(
    "many levels",
    "put what is nested so deep into a text",
    `a: ${deep(250)}\n`.replace(deep(250), `${"[".repeat(200)}◆${"[".repeat(50)}${"]".repeat(250)}`),
  ),
  mistake("an alias of nothing", "write &b before the value", "a: ◆*b\n"),
  mistake("an alias inside of its anchor", "write the value itself", "a: &b [◆*b]\n"),
  mistake(
    "aliases that multiply",
    "repeat less of it",
    lines(
      "a: &a [1,1,1,1,1,1,1,1,1,1]",
      ...[..."bcdefg"].map(
        (name, index) =>
          `${name}: &${name} [${Array.from({ length: 10 }, (_, at) => `${name === "f" && at === 7 ? "◆" : ""}*${"abcdef"[index]}`).join(",")}]`,
      ),
    ),
  ),
  mistake("a merge of a text", "<< takes a map", "a: { <<: ◆b }\n"),
  mistake("a merge twice", "write it once, with a list", "a: &a {}\nb: { <<: *a, ◆<<: *a }\n"),
  mistake(
    "a merge of merges",
    "merge fewer",
    lines(
      "a0: &a0 { b: 1 }",
      ...Array.from(
        { length: 51 },
        (_, index) => `a${index + 1}: &a${index + 1} { ${index === 50 ? "◆" : ""}<<: *a${index} }`,
      ),
    ),
  ),
]

const folder = (files: Files, given: Given = {}): readonly [Files, Given] => [
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`all/${name}`, text])),
  { ...given, document: "all" },
]
const cloudOf = cloud.trim()

export const folderMistakes: ReadonlyArray<Mistake> = [
  mistakeOf("a folder without documents", ["FOLDER/all", "no file that ends in .yaml"], ...folder({ "a.txt": "" })),
  mistakeOf(
    "a folder with an empty file",
    ["FOLDER/all/b.yaml", "remove it"],
    ...folder({ "a.yaml": net(""), "b.yaml": "" }),
  ),
  mistake("a folder with a list", "expected a document", ...folder({ "a.yaml": net(""), "b.yaml": "◆- a\n" })),
  mistake(
    "a folder with a label twice",
    "give one of them another label",
    ...folder({
      "a.yaml": net(""),
      "b.yaml": "resources: [{ ◆label: net, type: FakeAWS::EC2::VPC, target: cloud }]\n",
    }),
  ),
  mistake(
    "a folder with a target twice",
    "take one of the two out",
    ...folder({ "a.yaml": net(""), "b.yaml": cloudOf.replace("cloud:", "◆cloud:") }),
  ),
  mistake(
    "a folder with two names",
    "take one of the two out",
    ...folder({ "a.yaml": `name: a\n${net("")}`, "b.yaml": "◆name: b\n" }),
  ),
  mistake(
    "a folder with resources by name",
    "such as resources: [...]",
    ...folder({ "a.yaml": net(""), "b.yaml": "◆resources: {}\n" }),
  ),
  mistake(
    "a folder with targets in a list",
    "such as targets: { NAME: ... }",
    ...folder({ "a.yaml": net(""), "b.yaml": "◆targets: []\n" }),
  ),
  mistake(
    "a folder with a file that is not YAML",
    "close what is open before it",
    ...folder({ "a.yaml": net(""), "b.yaml": "a: [◆" }),
  ),
  mistakeOf("a saved plan in place of a document", ["FOLDER/app.yaml", 'Only "formae apply" takes it'], {
    "app.yaml": '{ "formaePlan": 1 }',
  }),
  mistakeOf(
    "a document that is missing",
    ["FOLDER/missing.yaml", "there is no such file; the YAML and JSON files there are: app.yaml"],
    net(""),
    {
      document: "missing.yaml",
    },
  ),
]
