/** The packages that are released, each with what it may have in it. What it depends on comes first. */

export interface ReleasedPackage {
  readonly name: string
  /** Its folder in the repository. */
  readonly folder: string
  /** What it may contain. Anything else is there by mistake. */
  readonly files: RegExp
  /** The limit of the tarball, in bytes. */
  readonly packedBytes: number
  /** The limit of what npm writes when it is installed, in bytes. */
  readonly installedBytes: number
  /** Fields of package.json that are read where it is installed, although npm needs them only in the repository. */
  readonly keeps: ReadonlyArray<string>
}

const mega = 1_000_000

const plugin = (name: string, packedBytes: number, installedBytes: number): ReleasedPackage => ({
  name: `@formae/plugin-${name}`,
  folder: `plugins/${name}`,
  files:
    /^(package\.json|LICENSE|README\.md|formae-samples\.yaml|dist\/(main\.mjs|formae-plugin\.json|LICENSES\.txt|resources\.(js|d\.ts)|chunks\/[\w-]+\.cjs))$/,
  packedBytes,
  installedBytes,
  keeps: [],
})

export const releasedPackages: ReadonlyArray<ReleasedPackage> = [
  {
    name: "formae",
    folder: ".",
    files:
      /^(package\.json|LICENSE|(README|ARCHITECTURE|PROTOCOL|SECURITY|CHANGELOG)\.md|bin\/formae\.js|dist\/.*\.(js|d\.ts)|dist\/(cli|plugins\/[\w-]+)\/(main\.mjs|LICENSES\.txt|formae-plugin\.json|(chunks\/)?[\w-]+\.cjs)|docs\/.*\.(md|svg|yaml)|examples\/.*|templates\/.*)$/,
    // About 150 kB of it are the docs and the examples, which the README refers to, and 100 kB
    // what makes a start quick: a program of its own for --version, and the schema compiler. The
    // engine of the cluster is a chunk of 250 kB, which only a runner loads.
    packedBytes: 2.2 * mega,
    installedBytes: 8.6 * mega,
    // `formae plugin init` takes the versions of a new plugin's tools from them.
    keeps: ["devDependencies"],
  },
  plugin("aws", 1.2 * mega, 6.5 * mega),
  plugin("azure", 0.8 * mega, 3.5 * mega),
]
