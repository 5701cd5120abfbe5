import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sectionOf, withSection } from "../../scripts/release/changeLog.ts"
import { readCommits } from "../../scripts/release/readCommits.ts"

describe("the change log", () => {
  it("has what the commits say, without merges", () => {
    const section = sectionOf("0.3.0", "2026-12-01", [
      { hash: "b2", subject: "Say why a plan is refused" },
      { hash: "a1", subject: "Merge branch 'plan'" },
    ])
    assert.strictEqual(section, "## 0.3.0 (2026-12-01)\n\n* Say why a plan is refused (b2)\n")
  })

  it("has the latest version first, and each version once", () => {
    const first = withSection("", "0.1.0", sectionOf("0.1.0", "2026-11-01", [{ hash: "a", subject: "One" }]))
    const draft = withSection(first, "0.2.0", sectionOf("0.2.0", "2026-11-30", []))
    const second = withSection(draft, "0.2.0", sectionOf("0.2.0", "2026-12-01", [{ hash: "b", subject: "Two" }]))
    assert.strictEqual(
      second,
      "# Changes\n\n## 0.2.0 (2026-12-01)\n\n* Two (b)\n\n## 0.1.0 (2026-11-01)\n\n* One (a)\n",
    )
  })
})

describe("the commits of a version", () => {
  const inRepository = async (
    work: (
      commit: (subject: string, version: string) => void,
      folder: string,
      git: (...args: Array<string>) => void,
    ) => Promise<void>,
  ) => {
    const folder = mkdtempSync(join(tmpdir(), "formae-history-"))
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    const git = (...args: Array<string>) => void execFileSync("git", [...identity, ...args], { cwd: folder })
    try {
      git("init", "-q")
      await work(
        (subject, version) => {
          writeFileSync(join(folder, "package.json"), `{\n  "version": "${version}",\n  "about": "${subject}"\n}\n`)
          git("add", "-A")
          git("commit", "-q", "-m", subject)
        },
        folder,
        git,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const subjects = async (folder: string, version: string) => {
    const { commits = [], since } = (await readCommits(folder, version)) ?? {}
    return { since, subjects: commits.map(({ subject }) => subject) }
  }

  it("begin with the one that made the version, where nothing is tagged", () =>
    inRepository(async (commit, folder) => {
      commit("First", "0.1.0")
      commit("Call it 0.2.0", "0.2.0")
      commit("More", "0.2.0")
      const { since, subjects: found } = await subjects(folder, "0.2.0")
      assert.deepEqual(found, ["More", "Call it 0.2.0"])
      assert.match(since ?? "", /^[0-9a-f]+, which made the version 0\.2\.0$/)
    }))

  it("begin after the tag of the version before", () =>
    inRepository(async (commit, folder, git) => {
      commit("First", "0.1.0")
      git("tag", "v0.1.0")
      commit("Between", "0.1.0")
      commit("Call it 0.2.0", "0.2.0")
      git("tag", "v0.2.0")
      assert.deepEqual(await subjects(folder, "0.2.0"), {
        since: "the tag v0.1.0",
        subjects: ["Call it 0.2.0", "Between"],
      })
    }))

  it("are all that there are, in the first version", () =>
    inRepository(async (commit, folder) => {
      commit("First", "0.1.0")
      commit("Second", "0.1.0")
      assert.deepEqual(await subjects(folder, "0.1.0"), { since: "the beginning", subjects: ["Second", "First"] })
    }))

  it("are not known in a copy of the files", async () => {
    const folder = mkdtempSync(join(tmpdir(), "formae-copy-"))
    try {
      assert.isUndefined(await readCommits(folder, "0.1.0"))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
