// The daemon answers here with 200 when it is back; until then nobody does, or this page's server
// with 503.
setInterval(async () => {
  const answer = await fetch("/check.json", { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok) location.replace("/");
}, 2000);
