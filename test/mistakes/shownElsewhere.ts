/** Texts that no row of the table shows, each with the test that does, or with the reason why none can. */

/** By the test in which they are, because a row would cost too much, or needs another plugin. */
export const shownIn: Readonly<Record<string, ReadonlyArray<string>>> = {
  "test/agent/TypedForma.test.ts": [
    "src/agent/forma/Forma.ts: the label … is taken by targets[…]; give one of them another label",
  ],
  "test/agent/AgentText.test.ts": [
    "src/agent/forma/ReferenceCheck.ts: ${…} has no value here: …",
    "src/agent/forma/ReferenceCheck.ts: parameters are replaced where a document is read; in code, use the value itself",
    "src/agent/forma/ReferenceCheck.ts: variables are replaced where a document is read; in code, use the value itself",
    'src/agent/forma/plainTextRemarks.ts: ${….…} stays as it is written, because it is not in a $text; if its value is meant, write { $text: "...${….…}..." }',
    "src/agent/plan/TargetFacts.ts: the target … cannot be asked for its …: …. Write the value itself, or use a parameter",
    "src/agent/plan/TargetFacts.ts: the plugin of … does not say what it knows of its targets; write the value itself, or use a parameter",
  ],
  "test/agent/forma/SchemaCheck.test.ts": [
    "src/agent/forma/schema/valueKeywords.ts: Expected the format …",
    "src/agent/forma/schema/formatExamples.ts: write it as in …",
  ],
  "test/agent/forma/ReferredProperty.test.ts": [
    "src/agent/forma/ReferredProperty.ts: … of … is a list, and a reference cannot lead into a list; refer to the whole list, or to another property",
    "src/agent/forma/ReferredProperty.ts: … of … has no …; …",
  ],
  "test/agent/forma/WantedSize.test.ts": [
    "src/agent/forma/WantedSize.ts: has more than … characters; keep what is so large elsewhere, and refer to it",
    "src/agent/forma/WantedSize.ts: is nested deeper than … levels; put what is nested so deep into a text of its own",
    "src/agent/forma/WantedSize.ts: has more than … values; divide them among several resources",
  ],
  "test/agent/forma/template/useMistakes.test.ts": [
    "src/agent/forma/template/Allowance.ts: what is put in here makes the document larger than … values or … characters; put in less, or divide the document",
    "src/agent/forma/template/Allowance.ts: what is put in here is nested deeper than … levels; put in what is nested less",
    "src/agent/forma/template/loadParts.ts: what is used makes the document larger than … values or … characters: …; make several documents of this one",
  ],
  "test/agent/plan/CreateFirst.test.ts": [
    "src/agent/plan/CreateFirst.ts: leave out …, so that a name is made, or ",
    "src/agent/plan/CreateFirst.ts: it has to be replaced, and … stays the same, so the new one cannot be created while the old one is retained: …take retain out",
    "src/agent/plan/CreateFirst.ts: it has to be replaced, and … stays the same, so the new one cannot be created before the old one is deleted: …take createFirst out",
  ],
  "test/agent/AgentCreateFirst.test.ts": [
    "src/agent/plan/createFirstCircles.ts: … cannot be created first, because …, which it needs, … deleted before: give … replace: createFirst too, or take … out of …",
  ],
  "test/agent/AgentCare.test.ts": [
    "src/agent/plan/Ignored.ts: … cannot be changed while … is ignored: … cannot be read, so the update would set it back to what the document says. Put the present value into the document and take … out of ignore for this apply, or leave … as it is",
  ],
  "test/agent/AgentOnly.test.ts": [
    "src/agent/plan/OnlyRefused.ts: Nothing was done, because a destroy deletes all resources of …. To delete some of them, take them out of the document and apply it",
  ],
  "test/agent/plan/movedRemarks.test.ts": [
    "src/agent/plan/movedRemarks.ts: … would be created, and …, a … with the same properties, would be deleted; if it is the same resource with a new label, write moved: [{ from: …, to: … }], and it stays",
  ],
  "test/agent/plan/referenceIssues.test.ts": [
    "src/agent/plan/referenceIssues.ts: the document does not set … of …, so this has a value only if the provider chooses one; otherwise …. Set it, or refer to another property",
    "src/agent/plan/referenceIssues.ts: there will be no such output",
  ],
  "test/process/askedParameters.test.ts": [
    "src/cli/document/askParameters.ts: The parameter … has no value…",
    "src/cli/document/askParameters.ts: It may be …",
    "src/cli/document/askParameters.ts: Type it …(……), and press Enter:",
    "src/cli/document/askParameters.ts: , not shown",
    "src/cli/document/askParameters.ts: Nothing was typed.",
    "src/cli/document/askParameters.ts: The value ….",
    "src/cli/document/askParameters.ts: Nothing was done, because there was no answer for the parameter …",
    "src/cli/document/askParameters.ts: the terminal",
  ],
  "test/process/parameters.test.ts": [
    "src/cli/document/documentFolder.ts: it is not a regular file",
    "src/cli/document/documentText.ts: is not a regular file",
  ],
}

/** Texts that a document cannot bring about, or that are no sentences. */
export const unreachable: Readonly<Record<string, ReadonlyArray<string>>> = {
  "the checks before it let nothing through that would": [
    "src/agent/forma/template/Needs.ts: it is nested deeper than … levels; write it with fewer",
    "src/agent/forma/template/lookupIn.ts: the file … was not read",
    "src/agent/forma/template/parameterOrDefault.ts: it is not { $env: NAME }",
  ],
  "only a program gives values without saying where they are from": [
    "src/agent/forma/template/GivenParameter.ts: the value that is given",
  ],
  "it is said where only the name of a document is wanted": [
    "src/agent/forma/FormaText.ts: the name of the document is not written in it as a text; give the name itself",
  ],
  "it is a part of another sentence, which a test shows": [
    "src/agent/plan/CreateFirst.ts: what it is for",
    "src/agent/plan/referenceIssues.ts: the change will fail",
    "src/agent/forma/ReferredProperty.ts: names in it",
  ],
  "it is only asked whether there is such a sentence": [
    "src/agent/forma/schema/re2Pattern.ts: it is not a regular expression with the flag u: …",
  ],
  "they are names of Unicode": [
    "src/agent/forma/schema/re2Pattern.ts: Control cntrl",
    "src/agent/forma/schema/re2Pattern.ts: Mark Combining_Mark",
    "src/agent/forma/schema/re2Pattern.ts: Decimal_Number digit",
    "src/agent/forma/schema/re2Pattern.ts: Punctuation punct",
  ],
  "it names a form in another sentence, which rows show": ["src/agent/forma/Expression.ts: an output"],
  "it is a part of the path in a warning": ["src/agent/forma/TypeCheck.ts: target config"],
}

/** The compiler demands a way out for each code of the parser, and the parser never reports some of them. */
export const checkedByCompiler: ReadonlySet<string> = new Set(["src/agent/forma/yamlWaysOut.ts"])
