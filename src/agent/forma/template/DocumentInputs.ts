/** What a document is given, apart from its text. */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { GivenParameter } from "./GivenParameter.ts"
import type { Parameter } from "./Parameter.ts"

/** A file cannot be put into a document. */
export class FileRefused extends Data.TaggedError("FileRefused")<{
  /** Why, as a sentence that names the file. */
  readonly reason: string
}> {
  override get message(): string {
    return this.reason
  }
}

/** A document that another one uses as a part. */
export interface FoundDocument {
  /** Its path from the folder of the whole document, with slashes, and with links resolved. */
  readonly path: string
  /** How it is named to the user. */
  readonly file: string
  /** Its text, in JSON or YAML. */
  readonly text: string
}

/** The targets that a part of a document brings. */
export interface PartTargets {
  /** The name of the part, after those of the parts that it is in: `app.network`. */
  readonly name: string
  /** Its path, as the document that uses it writes it. */
  readonly document: string
  /** What it says under `targets`. Not checked yet. */
  readonly targets: unknown
  /** What its parameters in these targets are given, by name, null where that is nothing; a secret one is `{ $secret: value }`. Not checked yet. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What a document reads from outside of it. */
export interface DocumentReads {
  /** The names of the environment variables. */
  readonly variables: ReadonlyArray<string>
  /** The paths of the files, from the folder of the document. */
  readonly files: ReadonlyArray<string>
  /** What the document says under `targets`: where the values may be sent. Not checked yet. */
  readonly targets: unknown
  /** The same of its parts that have targets. */
  readonly parts: ReadonlyArray<PartTargets>
  /** The defaults of the parameters that are in its targets, by name, null where there is none; a secret one is `{ $secret: value }`. Not checked yet. */
  readonly targetParameters: Readonly<Record<string, unknown>>
  /** The names of all parameters that it declares: their values may come from variables. */
  readonly declared: ReadonlyArray<string>
}

/** A parameter that is given no value, as a question for one needs it. */
export interface MissingParameter extends Parameter {
  /** Why a text cannot be its value, as the end of a sentence that begins with the value. Undefined if it can. It never quotes the text. */
  readonly objectionTo: (text: string) => string | undefined
}

/**
 * What a document is given, apart from its text: the values of its parameters,
 * and what it may read. Nothing is taken from the process by itself. `E` is how
 * these may fail.
 */
export interface DocumentInputs<out E = never> {
  /** The values of parameters, by name. */
  readonly parameters?: Readonly<Record<string, Schema.Json>>
  /** More values, once it is known which parameters the document declares. Of several values of one, the last counts. A wrong one is refused before `permit` and `ask` are called. */
  readonly given?: (declared: ReadonlyArray<Parameter>) => Effect.Effect<ReadonlyArray<GivenParameter>, E>
  /** The values of parameters that have none, from somebody who can be asked. Called last, where nothing that is known is wrong. Without it, or where it gives none, they are refused. */
  readonly ask?: (missing: ReadonlyArray<MissingParameter>) => Effect.Effect<ReadonlyArray<GivenParameter>, E>
  /** The value of an environment variable, or undefined where it is not set. Without it, none is. */
  readonly variable?: (name: string) => string | undefined
  /**
   * The text of a file, by its path from the folder of the document. Without it,
   * the document cannot have files put in. What it may read is to be checked here.
   */
  readonly readFile?: (path: string) => Effect.Effect<string, FileRefused | E>
  /**
   * Another document, by its path from the folder of the document. Without it, the
   * document cannot have parts. It is read before `permit` is called, and what it
   * may be is to be checked here.
   */
  readonly readDocument?: (path: string) => Effect.Effect<FoundDocument, FileRefused | E>
  /** The paths of the files that the document is in, as `FoundDocument` has them: none of them can be a part of it. */
  readonly files?: ReadonlyArray<string>
  /** Called before the document gets any variable or file, and before `ask`, if it reads any or has parameters. A document that may not have them fails here. */
  readonly permit?: (reads: DocumentReads) => Effect.Effect<void, E>
}
