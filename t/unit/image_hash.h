
/*
 * Copyright (C) the project authors
 */

/*
 * Made by t/image_hash/vectors.mjs: kind, width, height, components, the
 * BlurHash and the ThumbHash.
 */


static const test_hash_t  test_hashes[] = {
    { "plain", 1, 1, 1, 1,
      "00M}.:",
      "e37a46b71e" },
    { "plain", 100, 100, 9, 9,
      "|1M}.:}=fQ}=fQ}=fQ}=fQ}=j@fQj@fQj@fQj@fQfQfQfQfQfQfQfQfQfQ}=j@fQ"
      "j@fQj@fQj@fQfQfQfQfQfQfQfQfQfQ}=j@fQj@fQj@fQj@fQfQfQfQfQfQfQfQfQ"
      "fQ}=j@fQj@fQj@fQj@fQfQfQfQfQfQfQfQfQfQ",
      "e37a020700" },
    { "plain", 31, 7, 4, 3,
      "LQM}.:xZfQxZ}=oLfQoLfQfQfQfQ",
      "e37a020280" },
    { "waves", 100, 100, 4, 3,
      "LAHxvjyOO[wR-;pvPXXE\?GypPEnE",
      "2008060f02997857bbab99bb8a8557704768f681a844090a" },
    { "waves", 100, 75, 9, 9,
      "|KHxvkpYOtalN3o%tmt8og-;u2caokxwaLMxV@V@s;TcEoH_8_Mxo#aej=jKBQ4}"
      "QS=\?%heln}adn5KiM6}ik@I9tKk9oy-4Aw:kt%D,-#XlovSPtLIv,.Nd$$O+NbR."
      "V\?XQaQnhsDOAOmjenht6brWFsSjJXNW;rtotRp",
      "20080615848968a9bbab6a98367046870ba927a290" },
    { "waves", 56, 100, 3, 4,
      "TGH_=3k\?nW%{T}Od\?sY8nCP45c00",
      "60080a140488a69aba7a67907366660a4d4950" },
    { "waves", 100, 1, 9, 1,
      "8sJ8X[3suzq_OlxlS0rqR*",
      "a3e84571a6787777888808871078058b97" },
    { "waves", 1, 100, 1, 9,
      "=%GJ2GyZD+4;n4s*xWX8WF",
      "e2e645510e08896698868787f784860a97" },
    { "waves", 2, 3, 2, 2,
      "A_16Kzkvg7f.",
      "d85331050077088788788888888788088a80a80888" },
    { "waves", 100, 12, 5, 1,
      "4yJal_HA9.q|a6",
      "232806899c7f5276588577870758077676" },
    { "waves", 33, 32, 1, 1,
      "00J+c0",
      "2ac80957924d777707787892788877688887070756849007" },
    { "noise", 1, 1, 9, 9,
      "|~5n~iuauauauauauauauauauauauauauauauauauauauauauauauauauauauaua"
      "uauauauauauauauauauauauauauauauauauauauauauauauauauauauauauauaua"
      "uauauauauauauauauauauauauauauauauauaua",
      "98ab30ef5808f708888788708f7088f80888808008f7870f" },
    { "noise", 32, 32, 4, 3,
      "L4HV9v^BV~qE.7sD{gpciWptF{p9",
      "1f08020f028877b695aa69a877f756795a554575066f650d" },
    { "noise", 100, 99, 9, 9,
      "|2HetW$nW0^OnE-:sk%igt%Nbwt9o\?S[NMeBtQr:Iw-UP1P8%2r{bvNzo#\?Zb^w6"
      "tRr]t0vDboPQijTWxJRpt0g4V@w3Ro.kk=R8THN5oGVxS@retQr@v:TVcDohKIW="
      "rttlo}o{J7x\?$PNIWBreM{NIs;XOR6sVRTObOH",
      "e00702078086b99ba88c56d686dd9b5cd9cf5b80369f3708" },
    { "noise", 7, 90, 2, 7,
      "tHHC7e~WJ6WEk6ottJsDV]O9kSo]kPRi",
      "1f080209028a8079a8896775c885af0257" },
    { "noise", 64, 48, 4, 3,
      "L3HLrGl$-N-q\?btM$eRROWeUsqY1",
      "dff7010582b6076a9a589577a9b97a78fc95077b67" },
    { "veil", 100, 100, 4, 4,
      "UAHxvjyOO[wR-;pvPXXE\?GypPEnEs=GE0\?4W",
      "2008820d02089b68decffe8d771f774b84a03f9aae976b77bb" },
    { "veil", 100, 40, 4, 3,
      "LQIq}zyot.yGxwPS5^D9rY7eDF[R",
      "210886128407dd8e9a07670a861983b056969a6a9f19c8" },
    { "veil", 20, 80, 3, 5,
      "cwG]K:byog*0ohV@JEICad5Dr=oba5skov",
      "e1e789110608998f7633897071500738a4f85e9346c3a5" },
    { "veil", 1, 1, 1, 1,
      "0003U$",
      "d643ad0d2d3308f78887707ff8f7877f7ff808f78887707ff8" },
    { "clear", 10, 10, 4, 3,
      "LL6BKQRQaIpMM.jsj[a#aJj[fif6",
      "00088205000000000000000000000000000000000000000000" },
    { "dark", 40, 30, 4, 3,
      "L00J8VbIazfjW=afjZfQWXjZfjfQ",
      "00f80105804f777709878783797877776062350869" },
    { "light", 40, 30, 4, 3,
      "LBT9L#^+od\?b~Wt6bIj[ocbHayfQ",
      "ff07020580b08888f678787c868788889f9dcaf796" },
};
