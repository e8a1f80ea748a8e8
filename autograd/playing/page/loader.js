/* The page's program is the same in every page, and packed; the gates above are this graph's own. */
(async () => {
  const packed = Uint8Array.from(atob(document.getElementById("program").textContent), (c) => c.charCodeAt(0));
  const script = document.createElement("script");
  script.textContent = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  document.body.append(script);
})().catch(() => { document.body.textContent = "This page needs a newer browser: one of 2023, or later."; });
