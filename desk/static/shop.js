/* The demo shop's "ask a bookseller" opens the chat; without the chat it stays the link to the help centre it is. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-open-chat]");
  if (!link || !window.sportello) return;
  event.preventDefault();
  window.sportello.open();
});
