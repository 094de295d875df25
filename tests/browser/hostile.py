"""Texts that act where they are not shown as what they are."""

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;b&gt; &amp; {{ study.seed }} {% raw %}",
    "<!-- -->]]>",
    "<iframe src=//example.org></iframe>",
)
# Turns what follows around.
BACKWARDS = "\u202egpj.exe"
# Whose raw file it is, as somebody may have called it; not in one piece, as archives hold this.
OWNER = "-".join(["owner", "of", "a", "raw", "file"])
