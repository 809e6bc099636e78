/* Before the first paint: scripts are on, and large type if it was chosen. */
document.documentElement.classList.add("js");
if (localStorage.getItem("big") === "1") document.documentElement.classList.add("big");
