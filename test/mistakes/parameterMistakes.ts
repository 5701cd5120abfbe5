/** Mistakes in parameters: how they are declared, what they are given, and where they are used. */
import { bucket, document, type Mistake, mistake, mistakeOf, net } from "./Mistake.ts"

const declared = (declaration: string) => net("", `parameters: { ${declaration} }`)
const using = (declaration: string, value = "Value: { $param: a }") =>
  bucket(`Tags: [{ Key: a, ${value} }]`, `parameters: { ${declaration} }`)

export const declarationMistakes: ReadonlyArray<Mistake> = [
  mistake("parameters in a list", "such as replicas: { type: integer }", net("", "◆parameters: [a]")),
  mistake("a parameter without a type", "type: string (or number, integer, boolean, list, object)", declared("◆a: {}")),
  mistake(
    "a parameter with a field that has a slip",
    "did you mean default?",
    declared("a: { type: string, ◆defualt: x }"),
  ),
  mistake("a parameter of no type", '"string" | "number"', declared("a: { ◆type: text }")),
  mistake("a parameter whose name has a dot", "at most 100 letters", declared("◆a.b: { type: string }")),
  mistake(
    "two parameters that a variable cannot tell apart",
    "give it another one",
    declared("a-b: { type: string, default: x }, ◆A_b: { type: string }"),
  ),
  mistake("a number with a pattern", "make the type string", declared("a: { type: number, ◆pattern: x }")),
  mistake(
    "a pattern that is not one",
    "write it without references back",
    declared('a: { type: string, ◆pattern: "(" }'),
  ),
  mistake(
    "a pattern that is long",
    "write a shorter one",
    declared(`a: { type: string, ◆pattern: ${"x".repeat(1_100)} }`),
  ),
  mistake(
    "a pattern that is large",
    "write it with smaller counts",
    declared('a: { type: string, ◆pattern: "[a-z]{1,900}[0-9]{1,900}[a-z]{1,900}" }'),
  ),
  mistake("true or false with a least value", "take min out", declared("a: { type: boolean, ◆min: 1 }")),
  mistake("an object with a greatest value", "take max out", declared("a: { type: object, ◆max: 1 }")),
  mistake(
    "a greatest value below the least",
    "write the larger of the two here",
    declared("a: { type: number, min: 2, ◆max: 1 }"),
  ),
  mistake(
    "an allowed value of another type",
    "is not a number, such as 2.5",
    declared("a: { type: number, allowed: [◆x] }"),
  ),
  mistake(
    "no allowed value",
    "the list has too few items; add one, or leave the list out",
    declared("a: { type: number, ◆allowed: [] }"),
  ),
  mistake(
    "a default that is not allowed",
    "allowed: x, y",
    declared("a: { type: string, allowed: [x, y], ◆default: z }"),
  ),
  mistake(
    "a default from a parameter",
    "only { $env: NAME } may be a default",
    declared("a: { type: string, ◆default: { $param: b } }"),
  ),
  mistake(
    "a default from no variable",
    "such as { $env: HOME }",
    declared("a: { type: string, ◆default: { $env: 7 } }"),
  ),
  mistake(
    "a default from a variable that is not set",
    "set it, or give it a default",
    declared("◆a: { type: string, default: { $env: NOBODY } }"),
  ),
  mistake(
    "a default from a variable of another type",
    "is not a number, such as 2.5",
    declared("◆a: { type: number, default: { $env: A } }"),
    { variables: { A: "x" } },
  ),
  mistake(
    "a parameter that is not declared",
    "did you mean replicas?",
    bucket("◆Tags: { $param: replcas }", "parameters: { replicas: { type: list } }"),
  ),
  mistake("a parameter without parameters", "there are no parameters", bucket("◆Tags: { $param: a }")),
  mistake("a parameter that is a number", "such as { $param: replicas }", bucket("◆Tags: { $param: 7 }")),
  mistake("a parameter with another key", "take that out", bucket("◆Tags: { $param: a, default: 1 }")),
  mistake(
    "a list in a text",
    "put this in by itself",
    using("a: { type: list, default: [] }", 'Value: { ◆$text: "${param.a}" }'),
  ),
]

export const givenMistakes: ReadonlyArray<Mistake> = [
  mistake("a value that is missing", "--set a=VALUE", declared("◆a: { type: string }")),
  mistakeOf("--set without a value", ["A --set", "write --set NAME=VALUE"], declared("a: { type: string }"), {
    set: ["a"],
  }),
  mistake(
    "--set with a slip",
    "did you mean size?",
    declared("size: { type: string }").replace("parameters:", "◆parameters:"),
    { set: ["sise=1"] },
  ),
  mistake("--set of a number that is none", "the value from --set is not a number", declared("◆a: { type: number }"), {
    set: ["a=x"],
  }),
  mistake("--set of an integer that is none", "is not an integer, such as 3", declared("◆a: { type: integer }"), {
    set: ["a=1.5"],
  }),
  mistake(
    "--set of neither true nor false",
    "is not true or false; write one of the two",
    declared("◆a: { type: boolean }"),
    {
      set: ["a=yes"],
    },
  ),
  mistake("--set of a list that is none", "such as [a, b]", declared("◆a: { type: list }"), { set: ["a=x"] }),
  mistake("--set of an object that is none", "such as { a: 1 }", declared("◆a: { type: object }"), { set: ["a=x"] }),
  mistake(
    "--set of a secret that is not allowed",
    "none of those that are allowed; the document has them under allowed",
    declared("◆a: { type: string, secret: true, allowed: [x] }"),
    { set: ["a=y"] },
  ),
  mistake("--set with a slip", "did you mean prod?", declared("◆a: { type: string, allowed: [dev, prod] }"), {
    set: ["a=prd"],
  }),
  mistake("--set of too little", "is less than 2", declared("◆a: { type: number, min: 2 }"), { set: ["a=1"] }),
  mistake("--set of too much", "is more than 2", declared("◆a: { type: number, max: 2 }"), { set: ["a=3"] }),
  mistake("--set of too short a text", "has less than 2 characters", declared("◆a: { type: string, min: 2 }"), {
    set: ["a=x"],
  }),
  mistake("--set of too long a list", "has more than 1 item; write fewer", declared("◆a: { type: list, max: 1 }"), {
    set: ["a=[x, y]"],
  }),
  mistake("--set of what is not allowed", "allowed: x, y", declared("◆a: { type: string, allowed: [x, y] }"), {
    set: ["a=z"],
  }),
  mistake("--set that does not match", "the pattern [a-z]+", declared('◆a: { type: string, pattern: "[a-z]+" }'), {
    set: ["a=7"],
  }),
  mistake(
    "--set of too much for a pattern",
    "too much for a pattern",
    declared('◆a: { type: string, pattern: "[a-z]+" }'),
    { set: [`a=${"x".repeat(300_000)}`] },
  ),
  mistake("--set that stands for another value", "write the value itself", declared("◆a: { type: object }"), {
    set: ["a={ b: { $env: HOME } }"],
  }),
  mistake(
    "a variable that is not a number",
    "the value from the variable FORMAE_PARAMETER_A is not a number",
    declared("◆a: { type: number }"),
    { variables: { FORMAE_PARAMETER_A: "x" } },
  ),
  mistake(
    "a file with another type",
    "put it in quotes if it looks like something else",
    { "app.yaml": declared("a: { type: string }"), "values.yaml": "◆a: 7\n" },
    { parameters: ["values.yaml"] },
  ),
  mistake(
    "a file with a slip",
    "did you mean size?",
    { "app.yaml": declared("size: { type: string, default: x }"), "values.yaml": "b: 1\n".replace("b", "◆sise") },
    { parameters: ["values.yaml"] },
  ),
  mistake(
    "a file that is a list",
    "such as replicas: 3",
    { "app.yaml": declared("a: { type: string }"), "values.yaml": "◆- a\n" },
    { parameters: ["values.yaml"] },
  ),
  mistake(
    "a file with a value that is none of JSON",
    "put it in quotes",
    { "app.yaml": declared("a: { type: string }"), "values.yaml": "◆a: .nan\n" },
    { parameters: ["values.yaml"] },
  ),
  mistake(
    "a file that is not YAML",
    "close what is open before it",
    { "app.yaml": declared("a: { type: string }"), "values.yaml": "a: [◆" },
    { parameters: ["values.yaml"] },
  ),
  mistakeOf(
    "a file that is missing",
    ["FOLDER/apq.yml", "there is no such file; did you mean app.yaml?"],
    declared("a: { type: string }"),
    { parameters: ["apq.yml"] },
  ),
  mistakeOf(
    "an environment that is missing",
    ["FOLDER/parameters.prod.yaml", "Make one"],
    declared("a: { type: string }"),
    { env: "prod" },
  ),
  mistakeOf(
    "an environment with two files",
    ["FOLDER/parameters.prod.yaml", "remove one of them"],
    { "app.yaml": net(""), "parameters.prod.yaml": "", "parameters.prod.json": "{}" },
    { env: "prod" },
  ),
  mistakeOf("an environment with a dot", ["a.b", "at most 50 letters"], net(""), { env: "a.b" }),
  mistake(
    "an environment with a slip",
    "did you mean size?",
    { "app.yaml": declared("size: { type: string }"), "parameters.prod.yaml": "◆sise: x\n" },
    { env: "prod" },
  ),
  mistakeOf("an environment of a pipe", ["A document from a pipe", "name the file with --parameters"], net(""), {
    env: "prod",
    name: "app",
    document: "-",
  }),
]

export const nameMistakes: ReadonlyArray<Mistake> = [
  mistake("a name with a line break", "that can be printed in a line", document('◆name: "a\\nb"', "resources: []")),
  mistake("a name that is empty", "Expected a name", document('◆name: ""', "resources: []")),
  mistake("a name that is long", "more than 200 characters", document(`◆name: ${"x".repeat(201)}`, "resources: []")),
  mistake("a name with a space before it", "begins or ends with a space", document('◆name: " a"', "resources: []")),
  mistakeOf("--name that is empty", ["--name", "has 1 to 200 characters"], net(""), { name: "" }),
  mistakeOf(
    "--name beside another name",
    ["app.yaml is named one, but --name says two", "take one of the two names out"],
    document("name: one", "resources: []"),
    { name: "two" },
  ),
  mistakeOf(
    "a name that is too long with its environment",
    ["@prod", "has 1 to 200 characters"],
    { "app.yaml": document(`name: ${"x".repeat(198)}`, "resources: []"), "parameters.prod.yaml": "" },
    { env: "prod" },
  ),
  mistakeOf("a pipe without a name", ["-:1:1 name: ", "--name gives a document a name"], net(""), { document: "-" }),
]
