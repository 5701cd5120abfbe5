/**
 * Stdout and stderr of the command: the only module that writes to them.
 * Whatever is printed, nothing in it can steer the terminal, or pass for a line
 * that it is not. A reader that is gone, or a full disk behind them, must not
 * end the work.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Console } from "node:console"
import { Writable } from "node:stream"
import { styleText } from "node:util"
import { schemaVersion } from "../agent/version.ts"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"
import { colorOf, usesColor } from "./colors.ts"
import type { Line } from "./Line.ts"
import { visible, visibleLines } from "./visible.ts"

/** The lines of a text of the command itself. Each may quote what others say. */
export type Lines = ReadonlyArray<Line>

/** What is written for lines, with colors or without. */
export const linesToWrite = (lines: Lines, hasColor = false): ReadonlyArray<string> =>
  lines.flatMap((line) => {
    if (typeof line === "string") return visibleLines(line)
    const parts = line.map(({ style, text }) =>
      hasColor && style !== undefined
        ? styleText(colorOf[style], visible(text), { validateStream: false })
        : visible(text),
    )
    return [parts.join("")]
  })

const joined = (lines: Lines, hasColor = false): string => linesToWrite(lines, hasColor).join("\n")

const textOf = (lines: Lines, hasColor = false): string => `${joined(lines, hasColor)}\n`

/** How many columns the terminal has that stdout is. Undefined where it is none. */
export const stdoutWidth: Effect.Effect<number | undefined> = Effect.sync(() =>
  process.stdout.isTTY ? process.stdout.columns : undefined,
)

/** As `stdoutWidth`, for stderr. */
export const stderrWidth: Effect.Effect<number | undefined> = Effect.sync(() =>
  process.stderr.isTTY ? process.stderr.columns : undefined,
)

/** Keeps Node from ending the process when nothing can be written any more. */
export const keepRunning = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)
}

/** Prints lines on stderr at once, if that is possible. */
export const writeNotice = (...lines: Lines): void => void process.stderr.write(textOf(lines))

/** Prints lines about an error on stderr, however many they are, if that is possible. */
export const printMistakes = (lines: Lines): Effect.Effect<void> =>
  Effect.sync(() => void process.stderr.write(textOf(lines)))

/** Prints lines of progress, or about an error, on stderr, if that is possible. */
export const printProgress = (...lines: Lines): Effect.Effect<void> => printProgressLines(lines)

/** `printProgress` of any number of lines. */
export const printProgressLines = (lines: Lines): Effect.Effect<void> =>
  Effect.map(usesColor(process.stderr.isTTY), (hasColor) => void process.stderr.write(textOf(lines, hasColor)))

/** Completes once stdout has taken the text. */
const write = (text: string): Effect.Effect<void, CommandFailure> =>
  Effect.callback((resume) => {
    process.stdout.write(text, (error) =>
      resume(
        error === undefined || error === null
          ? Effect.void
          : Effect.fail(
              new CommandFailure({
                exitCode: exitCodes.failed,
                message: `The result could not be written to stdout: ${error.message}`,
              }),
            ),
      ),
    )
  })

/**
 * Prints what the command ends with on stdout, however many lines that is: more than a hundred
 * thousand cannot be the arguments of a call. Fails with the exit code 1 if it cannot be written.
 */
export const printLines = (lines: Lines): Effect.Effect<void, CommandFailure> =>
  Effect.flatMap(usesColor(process.stdout.isTTY), (hasColor) => write(textOf(lines, hasColor)))

/** `printLines` of a few lines. */
export const printLast = (...lines: Lines): Effect.Effect<void, CommandFailure> => printLines(lines)

/** Prints one value that was asked for by name: as it is for a script, and as lines on a terminal, which it might steer. */
export const printText = (text: string): Effect.Effect<void, CommandFailure> =>
  process.stdout.isTTY ? printLines([text]) : write(`${text}\n`)

/** The newlines of the text are between its tokens: those in strings are escaped already. */
const jsonLines = (value: object): Lines => JSON.stringify(value, null, 2).split("\n")

/** Each object that formae prints for programs says which version of its shape it has. */
const versioned = (value: object) => ({ schemaVersion, ...value })

/** Prints an object as JSON on stdout, as `printLast` does. */
export const printJson = (value: object): Effect.Effect<void, CommandFailure> => printLines(jsonLines(versioned(value)))

/** Prints a value as one line of JSON on stdout, for a reader that takes line by line. */
export const printJsonLine = (value: object): Effect.Effect<void, CommandFailure> =>
  printLines([JSON.stringify(versioned(value))])

/**
 * Prints what `printJson` prints of `{ ...before, [name]: items, ...after }`,
 * whose items come in pages. Each page is taken once stdout has taken the one
 * before it, so only one is held.
 */
export const printJsonList = <E, R>(
  before: object,
  name: string,
  pages: Stream.Stream<ReadonlyArray<object>, E, R>,
  after: object | (() => object),
): Effect.Effect<void, CommandFailure | E, R> =>
  Effect.gen(function* () {
    // All but the end of the list and of the object.
    const start = joined(jsonLines(versioned({ ...before, [name]: [{}] })).slice(0, -3))
    let isEmpty = true
    yield* Stream.runForEach(pages, (page) => {
      const items = joined(jsonLines({ [name]: page }).slice(2, -2))
      const text = `${isEmpty ? start : ","}\n${items}`
      isEmpty = false
      return write(text)
    })
    const last = typeof after === "function" ? after() : after
    if (isEmpty) return yield* printJson({ ...before, [name]: [], ...last })
    const rest = jsonLines(last).slice(1)
    yield* write(`\n${textOf(rest.length === 0 ? ["  ]", "}"] : ["  ],", ...rest])}`)
  })

/** Calls `end` once what was printed has been read, or cannot be. */
export const whenRead = (end: () => void): void =>
  void process.stdout.write("", () => void process.stderr.write("", end))

/** Lines at the end of stderr, which is a terminal, that are drawn again and again. */
export interface LiveLines {
  /** How many columns there are now. */
  readonly width: () => number | undefined
  /** How many lines the terminal has now. */
  readonly height: () => number | undefined
  readonly draw: (...lines: Lines) => void
  readonly clear: () => void
}

/** Loads what redraws them, which most commands never need. */
export const makeLiveLines: Effect.Effect<LiveLines> = Effect.map(
  Effect.all([Effect.promise(() => import("log-update")), usesColor(process.stderr.isTTY)]),
  ([{ createLogUpdate }, hasColor]): LiveLines => {
    const update = createLogUpdate(process.stderr)
    return {
      width: () => process.stderr.columns,
      height: () => process.stderr.rows,
      draw: (...lines) => update(joined(lines, hasColor)),
      clear: () => update.clear(),
    }
  },
)

const streamTo = (write: (text: string) => void): Writable =>
  new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      write(textOf(String(chunk).replace(/\n$/, "").split("\n")))
      done()
    },
  })

/** The console of libraries that print by themselves. */
export const libraryConsole = new Console({
  colorMode: false,
  stdout: streamTo((text) => process.stdout.write(text)),
  stderr: streamTo((text) => process.stderr.write(text)),
})
