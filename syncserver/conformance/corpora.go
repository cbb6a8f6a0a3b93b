package main

// corpora are the files that are run, in the order of their lines.
var corpora = []corpus{
	{"xpath", runXPath},
	{"xlsform_convert", runConvert},
	{"xlsform_files", runFiles},
	{"form_scenarios", runScenarios},
}
