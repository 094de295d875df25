# The known name that is nearest to a wrong one, if it is near:
#
#     awk -f workflow/nearest.awk WRONG KNOWN...
#
# Nearness is the fewest letters to put in, take out, replace, or swap with the next.

function least(a, b) { return a < b ? a : b }

function distance(a, b,    i, j, d, same) {
    for (i = 0; i <= length(a); i++) d[i, 0] = i
    for (j = 0; j <= length(b); j++) d[0, j] = j
    for (i = 1; i <= length(a); i++)
        for (j = 1; j <= length(b); j++) {
            same = substr(a, i, 1) == substr(b, j, 1)
            d[i, j] = least(least(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + !same)
            if (i > 1 && j > 1 && substr(a, i, 1) == substr(b, j - 1, 1) && substr(a, i - 1, 1) == substr(b, j, 1))
                d[i, j] = least(d[i, j], d[i - 2, j - 2] + 1)
        }
    return d[length(a), length(b)]
}

BEGIN {
    wrong = toupper(ARGV[1])
    best = int(length(wrong) / 2)
    for (k = 2; k < ARGC; k++)
        if ((far = distance(wrong, ARGV[k])) <= best) {
            best = far - 1
            found = ARGV[k]
        }
    print found
}
