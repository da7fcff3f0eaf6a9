// Main loads its services while this page, whose files are all here when the first of its modules runs, runs the others.
window.netwright.prepare();
