# The mutants of Stryker's reports that count, each with its file, line, state and change: "what stood there → what stood there instead".
# Those that do not compile and those that nothing was tried with do not count.
def flat: gsub("\\s+"; " ");
def original($lines): .location as $at
  | if $at.start.line == $at.end.line then $lines[$at.start.line - 1][$at.start.column - 1:$at.end.column - 1] else $lines[$at.start.line - 1][$at.start.column - 1:] + " …" end;
[.[] | .files | to_entries[] | (.key | sub(".*/SelfHelpPortal.Licensing/"; "")) as $file | (.value.source | split("\n")) as $lines | .value.mutants[]
  | select(.status | IN("Killed", "Timeout", "Survived", "NoCoverage"))
  | {file: $file, line: .location.start.line, status, change: (original($lines) + " → " + (.replacement // "") | flat)}]
