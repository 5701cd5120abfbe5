/** The commits of the version that package.json has, from git. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import type { Commit } from "./changeLog.ts"

const run = promisify(execFile)

const git = async (root: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const { stdout } = await run("git", [...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 })
  return stdout.trim()
}

/** The commits since a place in the history, and which place it is. */
export interface CommitsSince {
  readonly since: string
  readonly commits: ReadonlyArray<Commit>
}

/** The latest tag of another version, or else the commit that gave package.json its version. */
const findStart = async (root: string, version: string) => {
  const tags = await git(root, "tag", "--merged", "HEAD", "--sort=-version:refname", "--list", "v[0-9]*")
  const tag = tags.split("\n").find((one) => one !== "" && one !== `v${version}`)
  if (tag !== undefined) return { from: tag, since: `the tag ${tag}` }
  const commit = await git(root, "log", "-1", "--format=%h", `-G^  "version": "${version}"`, "--", "package.json")
  // The commit itself is of this version too. Where it is the first of all, it has none before it.
  const before = commit === "" ? "" : await git(root, "rev-list", "--parents", "-n1", commit)
  return before.split(" ").length > 1
    ? { from: `${commit}^`, since: `${commit}, which made the version ${version}` }
    : { from: undefined, since: "the beginning" }
}

/** Undefined where there is no history, as in a copy of the files. */
export const readCommits = async (root: string, version: string): Promise<CommitsSince | undefined> => {
  const top = await git(root, "rev-parse", "--show-prefix").catch(() => undefined)
  if (top !== "") return undefined
  const { from, since } = await findStart(root, version)
  const range = from === undefined ? "HEAD" : `${from}..HEAD`
  const text = await git(root, "log", "--no-merges", "--format=%h%x09%s", range)
  const commits = text.split("\n").flatMap((line) => {
    const [hash = "", subject = ""] = line.split("\t")
    return hash === "" ? [] : [{ hash, subject }]
  })
  return { since, commits }
}
