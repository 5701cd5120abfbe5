/** Starts the longest test files first: one of them that starts last keeps one processor busy while the others have nothing left to do. */
import { fileURLToPath } from "node:url"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** By the time that each needs, where it was measured to be more than half a minute. */
export const longest: ReadonlyArray<string> = [
  "test/process/pack.test.ts",
  "test/process/foreign/effect3.test.ts",
  "test/process/attacks/attacks.test.ts",
  "test/process/conformance/faults.test.ts",
  "test/survival/crashPoints.test.ts",
  "test/process/store/oldStates.test.ts",
  "test/process/survival/randomKills.test.ts",
  "test/process/examples/firstHourPage.test.ts",
  "test/process/conformance/aws.test.ts",
  "test/process/conformance/plugins.test.ts",
  "test/sdk/survival/creates.test.ts",
]

const places = new Map(
  longest.map((file, place) => [fileURLToPath(new URL(`../${file}`, import.meta.url)), place] as const),
)

/** The longest files, and then the others in the order in which they are. */
export const longestFirst = <File extends { readonly moduleId: string }>(files: ReadonlyArray<File>): Array<File> => {
  const placeOf = ({ moduleId }: File) => places.get(moduleId) ?? longest.length
  return files.toSorted((one, other) => placeOf(one) - placeOf(other))
}

/** Without a cache, as in CI, Vitest knows only the sizes of the files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array that sorts
    return longestFirst(await super.sort(files))
  }
}
