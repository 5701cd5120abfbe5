import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { documentFlags } from "../document/documentFlags.ts"
import { query } from "../importing/queryFlag.ts"
import { agentFlags, name } from "../SharedFlags.ts"
import { repeatable } from "../repeatable.ts"
import { textFlag } from "../textFlag.ts"

const label = Argument.String("label").pipe(
  Argument.withDescription("The label that the resource gets in the document"),
  Argument.optional,
)
const type = Argument.String("type").pipe(
  Argument.withDescription("Its type, such as AWS::EC2::VPC"),
  Argument.optional,
)
const nativeId = Argument.String("native-id").pipe(
  Argument.withDescription("The id that the provider gave it"),
  Argument.optional,
)

const into = textFlag("into").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription(
    "The document that gets it, in YAML or JSON. Its other lines stay as they are. A folder gets a file imported.yaml",
  ),
)

const targetConfig = textFlag("target-config").pipe(
  Flag.withMetavar("JSON"),
  Flag.withDescription("Make the document, with a target that has this config. Its name is that of --target"),
  Flag.optional,
)

const target = textFlag("target").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The target of the document where it is (default: the only one of the plugin)"),
  Flag.optional,
)

const ofType = textFlag("type").pipe(
  Flag.withMetavar("TYPE"),
  Flag.withDescription("Import all resources of this type that no document has; may be repeated, also with --query"),
  repeatable,
)

const flagsOfImport = {
  label,
  type,
  nativeId,
  into,
  target,
  targetConfig,
  query,
  ofType,
  name,
  ...documentFlags,
  ...agentFlags,
}

export const importResources = Command.make("import", flagsOfImport, (flags) =>
  Effect.flatMap(
    Effect.promise(() => import("../importing/runImport.ts")),
    ({ runImport }) => runImport(flags),
  ),
).pipe(
  Command.withDescription(
    "Take what exists into a document and into the state. Nothing is created or changed at a provider. Secrets become parameters",
  ),
  Command.withExamples([
    {
      command: "formae import net AWS::EC2::VPC vpc-0a1b2c --into shop.yaml",
      description: "Write one resource into a document, and own it from now on",
    },
    {
      command: "formae import --query team=web --into shop.yaml",
      description: "Import all that has a tag; their labels are made from their names",
    },
    {
      command: 'formae import --type AWS::S3::Bucket --into found.yaml --target-config \'{"region":"eu-west-1"}\'',
      description: "Make a document of all buckets of a region",
    },
  ]),
)
