# Copyright (C) the project authors
#
# What directives of the image filter must not look like.

use Test::App;
use Test::App::Conf;
use Test::App::Image;

Test::App::Conf::table(\*DATA,
    env   => { SHORT => 'key', EMPTY => '' },
    files => { 'logo.png' => png(), 'huge.png' => png(claim => [ 4097, 1 ]),
               'note.txt' => 'no image', 'short.key' => 'short' });

done_testing;

__DATA__
== http: app_image_filter at http level
app_image_filter on;
-- "app_image_filter" directive is not allowed here in http.conf:1
== server: unknown mode
location / { app_image_filter yes; }
-- invalid value "yes" in "app_image_filter", use on, check or off in
   server.conf:1
== server: mode twice
location / { app_image_filter on; app_image_filter on; }
-- "app_image_filter" directive is duplicate in server.conf:1
== http: unknown dialect
app_image_dialect cloudinary;
-- invalid value "cloudinary" in http.conf:1
== http: unknown
app_image_unknown pass;
-- invalid value "pass" in http.conf:1
== http: defaults
app_image_defaults "w=0";
-- invalid operations "w=0" in "app_image_defaults": w must be an integer from 1
   to 65535 in http.conf:1
== http: defaults with an unknown operation
app_image_defaults "width=4";
-- invalid operations "width=4" in "app_image_defaults": there is no parameter
   "width" in http.conf:1
== http: defaults with a preset
app_image_defaults "pr=card";
-- invalid operations "pr=card" in "app_image_defaults": pr, v, exp and s are of
   requests in http.conf:1
== http: defaults twice
app_image_defaults "w=4"; app_image_defaults "w=5";
-- "app_image_defaults" directive is duplicate in http.conf:1
== http: preset
app_image_preset card "fit=fill";
-- invalid operations "fit=fill" in "app_image_preset": fit must be one of
   inside, cover, contain, outside, stretch, crop, pad, scale-down in
   http.conf:1
== http: preset twice
app_image_preset card "w=4";
app_image_preset card "w=5";
-- duplicate app_image_preset "card" in http.conf:2
== http: preset with a bad name
app_image_preset "a b" "w=4";
-- invalid name "a b", use 1 to 32 letters, digits, "-" and "_" in http.conf:1
== server: preset in a server
app_image_preset card "w=4";
-- "app_image_preset" directive is not allowed here in server.conf:1
== http: allow with an unknown list
app_image_allow width=4;
-- invalid "width=4" in "app_image_allow", use w=, h=, q=, dpr= or fm= with a
   list, or snap in http.conf:1
== http: allow without a list
app_image_allow 320,640;
-- invalid "320,640" in "app_image_allow", use w=, h=, q=, dpr= or fm= with a
   list, or snap in http.conf:1
== http: allow with a bad number
app_image_allow w=320,0;
-- invalid value in "app_image_allow": w must be an integer from 1 to 65535 in
   http.conf:1
== http: allow with a bad format
app_image_allow fm=webp,bmp;
-- invalid value in "app_image_allow": fm must be one of jpg, png, webp, avif,
   gif, jxl, json, blurhash, thumbhash, auto in http.conf:1
== http: allow with an empty list
app_image_allow h=9 w=;
-- no values in "w=" of "app_image_allow", name some, or leave it out to allow
   any in http.conf:1
== http: allow twice
app_image_allow w=1; app_image_allow w=2;
-- "app_image_allow" directive is duplicate in http.conf:1
== http: formats
app_image_formats webp bmp;
-- unknown format "bmp" in "app_image_formats", use jpg, png, webp, avif, gif or
   jxl in http.conf:1
== http: formats that are no images
app_image_formats json;
-- unknown format "json" in "app_image_formats", use jpg, png, webp, avif, gif
   or jxl in http.conf:1
== http: too many formats
app_image_formats avif webp jpg png gif;
-- too many formats in "app_image_formats", use 4 at most in http.conf:1
== http: quality without a format
app_image_quality 80;
-- invalid "80" in "app_image_quality", use jpg=, webp=, avif= or jxl= with 1 to
   100 in http.conf:1
== http: quality out of range
app_image_quality jpg=80 webp=101;
-- invalid "webp=101" in "app_image_quality", use jpg=, webp=, avif= or jxl=
   with 1 to 100 in http.conf:1
== http: quality of a format that has none
app_image_quality png=80;
-- invalid "png=80" in "app_image_quality", use jpg=, webp=, avif= or jxl= with
   1 to 100 in http.conf:1
== http: effort out of range
app_image_effort webp=7;
-- invalid "webp=7" in "app_image_effort", use a number or a range within
   png=1-9, webp=0-6, avif=0-9, gif=1-10, jxl=3-9 in http.conf:1
== http: effort that goes down
app_image_effort avif=4-2;
-- invalid "avif=4-2" in "app_image_effort", use a number or a range within
   png=1-9, webp=0-6, avif=0-9, gif=1-10, jxl=3-9 in http.conf:1
== http: effort of an unknown format
app_image_effort bmp=4;
-- unknown format "bmp" in "app_image_effort", use jpg, png, webp, avif, gif or
   jxl in http.conf:1
== http: loaders
app_image_loaders jpeg pdf;
-- unknown type "pdf" in "app_image_loaders", use jpeg, png, webp, gif, avif,
   heic, tiff, svg or jxl in http.conf:1
== http: loaders twice
app_image_loaders jpeg; app_image_loaders png;
-- "app_image_loaders" directive is duplicate in http.conf:1
== http: metadata
app_image_metadata all;
-- invalid value "all" in http.conf:1
== http: icc
app_image_icc p3;
-- invalid value "p3" in http.conf:1
== http: buffer
app_image_buffer much;
-- "app_image_buffer" directive invalid value in http.conf:1
== http: no bytes
app_image_buffer 0;
-- "app_image_buffer" directive must be more than 0 in http.conf:1
== http: no pixels
app_image_max_pixels 0;
-- "app_image_max_pixels" directive must be more than 0 in http.conf:1
== http: no pixels of an answer
app_image_max_output 0;
-- "app_image_max_output" directive must be more than 0 in http.conf:1
== http: no budget
app_image_pixel_budget 0;
-- "app_image_pixel_budget" directive must be more than 0 in http.conf:1
== http: no time
app_image_timeout 0;
-- "app_image_timeout" directive must be more than 0 in http.conf:1
== http: a preset with an unknown watermark
app_image_watermark logo file=%%DIR%%/logo.png;
app_image_preset card "w=400&wm=nope";
-- unknown watermark "nope" in "app_image_preset", declare it with
   app_image_watermark in http.conf:2
== server: defaults with an unknown watermark
location / { app_image_filter on;
app_image_defaults "wm=nope"; }
-- unknown watermark "nope" in "app_image_defaults", declare it with
   app_image_watermark in server.conf:2
== http: frames
app_image_max_frames 0;
-- value must be between 1 and 65535 in
   http.conf:1
== http: side
app_image_max_side 65536;
-- value must be between 1 and 65535 in
   http.conf:1
== http: threads
app_image_threads 0;
-- value must be between 1 and 256 in http.conf:1
== http: queue
app_image_queue 65537;
-- value must be between 0 and 65536 in http.conf:1
== http: signature
app_image_signature secret;
-- invalid "secret" in "app_image_signature", use file=PATH, env=NAME or off in
   http.conf:1
== http: signature with a short key
app_image_signature env=SHORT;
-- the key "env=SHORT" of "app_image_signature" has less than 16 bytes in
   http.conf:1
== http: signature without a variable
app_image_signature env=NOWHERE;
-- the environment variable "NOWHERE" is not set, or empty in http.conf:1
== http: signature twice
app_image_signature off; app_image_signature off;
-- "app_image_signature" directive is duplicate in http.conf:1
== http: watermark without a file
app_image_watermark logo size=20;
-- "app_image_watermark" needs file=PATH in http.conf:1
== http: watermark that is no image
app_image_watermark logo file=%%DIR%%/note.txt;
-- the watermark "logo" is no image of a usual type and of at most 4096 x 4096
   pixels in http.conf:1
== http: watermark that is too large
app_image_watermark logo file=%%DIR%%/huge.png;
-- the watermark "logo" is no image of a usual type and of at most 4096 x 4096
   pixels in http.conf:1
== http: watermark with a bad option
app_image_watermark logo file=%%DIR%%/logo.png position=attention;
-- invalid "position=attention" in "app_image_watermark", use file=PATH,
   position=n|ne|e|se|s|sw|w|nw|centre, opacity=1 to 100, size=1 to 100 or
   margin=0 to 4096 in http.conf:1
== http: watermark twice
app_image_watermark logo file=%%DIR%%/logo.png;
app_image_watermark logo file=%%DIR%%/logo.png;
-- duplicate app_image_watermark "logo" in http.conf:2
== http: all is well
app_image_defaults "wm=logo";
app_image_watermark logo file=%%DIR%%/logo.png position=nw opacity=50 margin=0;
app_image_preset card "w=400&fm=avif,webp&wm=logo";
app_image_allow w=640,320 h=200 q=60 dpr=1.5,2 fm=webp snap;
app_image_effort avif=0-3 png=9;
-- ok
